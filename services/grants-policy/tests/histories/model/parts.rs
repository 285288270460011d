//! Exact amounts: a whole number of 分 and parts of one.

/// A fraction of 分, never negative, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    above: i128,
    below: i128,
}

impl Parts {
    pub(crate) const NOTHING: Self = Self { above: 0, below: 1 };

    /// So many whole 分.
    pub(crate) fn whole(fen: i128) -> Self {
        Self { above: fen, below: 1 }
    }
    /// Times a fraction.
    pub(crate) fn times(self, above: i128, below: i128) -> Self {
        Self { above: self.above * above, below: self.below * below }.lowest()
    }
    /// And another.
    pub(crate) fn plus(self, other: Self) -> Self {
        let above = self.above * other.below + other.above * self.below;
        Self { above, below: self.below * other.below }.lowest()
    }
    /// Whether it is more than so many whole 分.
    pub(crate) fn exceeds(self, fen: i128) -> bool {
        fen * self.below < self.above
    }
    /// Cut to so many 分.
    pub(crate) fn at_most(self, fen: i128) -> Self {
        if self.exceeds(fen) { Self::whole(fen) } else { self }
    }
    /// Less so many 分, or nothing.
    pub(crate) fn less(self, fen: i128) -> Self {
        if self.exceeds(fen) {
            Self { above: self.above - fen * self.below, below: self.below }
        } else {
            Self::NOTHING
        }
    }
    /// Down to a whole 分.
    pub(crate) fn down(self) -> i128 {
        self.above / self.below
    }
    /// To the nearest 分, the half up.
    pub(crate) fn nearest(self) -> i128 {
        (2 * self.above + self.below) / (2 * self.below)
    }

    fn lowest(self) -> Self {
        let (mut one, mut other) = (self.above, self.below);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        let by = one.max(1);
        Self { above: self.above / by, below: self.below / by }
    }
}
