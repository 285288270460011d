//! Who used the processor: the time that each thread of this process has run, by the thread's name.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

/// Running time by name. Where the system does not tell, it is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Threads(pub(crate) BTreeMap<String, Duration>);

impl Threads {
    /// As of now.
    pub(crate) fn now() -> Threads {
        let mut threads = Threads::default();
        for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            if let Some((name, time)) = running(&task.path()) {
                *threads.0.entry(name).or_default() += time;
            }
        }
        threads
    }

    /// What was added since `earlier`.
    pub(crate) fn since(&self, earlier: &Threads) -> Threads {
        let added = |name: &String, time: Duration| {
            time.saturating_sub(earlier.0.get(name).copied().unwrap_or_default())
        };
        Threads(self.0.iter().map(|(name, time)| (name.clone(), added(name, *time))).collect())
    }

    /// Both together.
    pub(crate) fn plus(mut self, other: Threads) -> Threads {
        for (name, time) in other.0 {
            *self.0.entry(name).or_default() += time;
        }
        self
    }
}

fn running(task: &Path) -> Option<(String, Duration)> {
    let name = fs::read_to_string(task.join("comm")).ok()?.trim().to_owned();
    let times = fs::read_to_string(task.join("schedstat")).ok()?;
    let nanos = times.split_whitespace().next()?.parse().ok()?;
    Some((name, Duration::from_nanos(nanos)))
}
