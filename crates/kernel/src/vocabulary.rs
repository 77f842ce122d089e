//! Closed vocabularies: `vocabulary!` makes an enum whose words are the same in the ledger, in
//! the store, in JSON and in message keys.

/// A word that the vocabulary does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not one of {vocabulary}")]
pub struct UnknownWord {
    /// The word that was given.
    pub word: String,
    /// The enum's name.
    pub vocabulary: &'static str,
}

/// Declares an enum of words.
///
/// ```
/// kernel::vocabulary! {
///     /// Whether a door is open.
///     pub enum Door {
///         /// People may come in.
///         Open = "open",
///         /// People may not.
///         Shut = "shut",
///     }
/// }
/// assert_eq!(Door::Open.as_str(), "open");
/// assert_eq!("shut".parse(), Ok(Door::Shut));
/// ```
#[macro_export]
macro_rules! vocabulary {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$word_meta:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$word_meta])* $variant),+ }

        impl $name {
            /// Every word, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it is stored and spoken to machines.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok($name::$variant),)+
                    other => Err($crate::vocabulary::UnknownWord {
                        word: other.chars().take(40).collect(),
                        vocabulary: stringify!($name),
                    }),
                }
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                input: D,
            ) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(input)?;
                word.parse().map_err($crate::serde::de::Error::custom)
            }
        }
        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value<'_> {
                $crate::Value::Text(self.as_str().into())
            }
        }
        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value<'_>) -> Result<Self, $crate::WrongValue> {
                let wrong = $crate::WrongValue::new(stringify!($name), &value);
                match value {
                    $crate::Value::Text(word) => word.parse().map_err(|_| wrong),
                    _ => Err(wrong),
                }
            }
        }
    };
}
