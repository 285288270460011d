//! The three shapes of stored data, each declared once: `message!`, `choice!` and `oneof!`.

/// Declares a struct whose fields have protobuf numbers, with its canonical encoding and its JSON form.
#[macro_export]
macro_rules! message {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $( $(#[$fmeta:meta])* $number:literal => $field:ident : $ty:ty ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $vis struct $name { $( $(#[$fmeta])* pub $field: $ty ),* }

        impl $crate::wire::Message for $name {
            const NAME: &'static str = stringify!($name);
            fn encode_to(&self, out: &mut Vec<u8>) {
                let _ = &out;
                $( $crate::wire::Slot::put_slot(&self.$field, $number, out); )*
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::wire::WireError> {
                use $crate::wire::{Reader, WireError};
                $( let mut $field = <$ty as $crate::wire::Slot>::Open::default(); )*
                let mut reader = Reader::new(bytes);
                while let Some((number, raw)) = reader.field()? {
                    let _ = &raw;
                    match number {
                        $( $number => {
                            let once = <$ty as $crate::wire::Slot>::gather(&mut $field, raw)
                                .map_err(|fault| fault.at(stringify!($name), stringify!($field)))?;
                            if !once {
                                return Err(WireError::Count { message: stringify!($name), field: stringify!($field) });
                            }
                        } )*
                        _ => return Err(WireError::UnknownField { message: stringify!($name), number }),
                    }
                }
                Ok(Self { $( $field: <$ty as $crate::wire::Slot>::close($field)
                    .ok_or(WireError::Count { message: stringify!($name), field: stringify!($field) })? ),* })
            }
        }

        $crate::message_value!($name);
    };
}

/// Lets a message stand in a field of another.
#[macro_export]
macro_rules! message_value {
    ($name:ident) => {
        impl $crate::wire::Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                $crate::wire::put_message(number, self, out);
            }
            fn take(raw: $crate::wire::Raw<'_>) -> Result<Self, $crate::wire::WireError> {
                match raw {
                    $crate::wire::Raw::Bytes(bytes) => <$name as $crate::wire::Message>::decode(bytes),
                    $crate::wire::Raw::Varint(_) => Err($crate::wire::WireError::BadValue(stringify!($name))),
                }
            }
        }
    };
}

/// Declares a closed list of words: a number on the wire, the word in JSON, files and scenarios.
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $( $(#[$vmeta:meta])* $variant:ident = $number:literal => $word:literal ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        $vis enum $name { $( $(#[$vmeta])* #[serde(rename = $word)] $variant ),* }

        impl $name {
            /// Every word, in its order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),* ];
            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> u64 {
                match self { $( Self::$variant => $number ),* }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                out.write_str(self.word())
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::wire::WireError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $( $word => Ok(Self::$variant), )*
                    _ => Err($crate::wire::WireError::BadValue(stringify!($name))) }
            }
        }
        impl $crate::wire::Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                $crate::wire::put_number(number, self.number(), out);
            }
            fn take(raw: $crate::wire::Raw<'_>) -> Result<Self, $crate::wire::WireError> {
                match raw {
                    $( $crate::wire::Raw::Varint($number) => Ok(Self::$variant), )*
                    $crate::wire::Raw::Varint(_) | $crate::wire::Raw::Bytes(_) =>
                        Err($crate::wire::WireError::BadValue(stringify!($name))),
                }
            }
        }
    };
}

/// Declares a closed set of messages, of which exactly one stands: the tables of commands and of events.
#[macro_export]
macro_rules! oneof {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $( $(#[$vmeta:meta])* $number:literal => $variant:ident($ty:ty) : $word:literal ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        $vis enum $name { $( $(#[$vmeta])* #[serde(rename = $word)] $variant($ty) ),* }

        impl $name {
            /// Every word with its field number, in ascending order.
            pub const WORDS: &'static [(u32, &'static str)] = &[ $( ($number, $word) ),* ];
            /// The word: the same in JSON, files, scenarios and routes.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { $( Self::$variant(_) => $word ),* }
            }
        }
        $( impl From<$ty> for $name { fn from(inner: $ty) -> Self { Self::$variant(inner) } } )*

        impl $crate::wire::Message for $name {
            const NAME: &'static str = stringify!($name);
            fn encode_to(&self, out: &mut Vec<u8>) {
                match self { $( Self::$variant(inner) => $crate::wire::Value::put(inner, $number, out) ),* }
            }
            fn decode(bytes: &[u8]) -> Result<Self, $crate::wire::WireError> {
                use $crate::wire::{Reader, Value, WireError};
                let mut reader = Reader::new(bytes);
                let one = WireError::Count { message: stringify!($name), field: "the one field" };
                let (number, raw) = reader.field()?.ok_or(one.clone())?;
                let found = match number {
                    $( $number => <$ty as Value>::take(raw).map(Self::$variant)
                        .map_err(|fault| fault.at(stringify!($name), $word))?, )*
                    _ => return Err(WireError::UnknownField { message: stringify!($name), number }),
                };
                match reader.field()? { None => Ok(found), Some(_) => Err(one) }
            }
        }

        $crate::message_value!($name);
    };
}
