//! Who acts: `--as ROLE:ACCOUNT`, once for each role that a run needs. An account is a work account, never a name.

use crate::failure::Failure;
use grants_domain::{
    commands::Command,
    context::{Actor, AuthMethod, Role},
};
use grants_files::Texts;

/// The roles that a run may act in.
#[derive(Clone, Debug)]
pub(crate) struct Actors(Vec<Actor>);

impl Actors {
    /// Reads `ROLE:ACCOUNT` words.
    pub(crate) fn parse(words: &[String], simulated: bool) -> Result<Self, Failure> {
        let auth = if simulated { AuthMethod::Simulated } else { AuthMethod::Local };
        let one = |word: &String| {
            let wrong = || Failure::usage_of("program-actor-form", &[("word", word)]);
            let (role, account) = word.split_once(':').ok_or_else(wrong)?;
            let role: Role = role.parse().map_err(|_| wrong())?;
            if role == Role::System {
                return Err(Failure::usage_of("program-actor-system", &[]));
            }
            Ok(Actor { id: account.parse().map_err(|_| wrong())?, role, auth })
        };
        words.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whoever acts in this role.
    pub(crate) fn with(&self, role: Role) -> Option<&Actor> {
        self.0.iter().find(|actor| actor.role == role)
    }

    /// Whoever acts in this role, or what to write on the command line.
    pub(crate) fn need(&self, role: Role, texts: &Texts) -> Result<&Actor, Failure> {
        self.with(role)
            .ok_or_else(|| Failure::usage(texts.get("program-role-needed", &[("role", role.word())])))
    }

    /// The first actor whose role has this verb, or what to write on the command line.
    pub(crate) fn for_command(&self, command: &Command, texts: &Texts) -> Result<&Actor, Failure> {
        let roles = command.roles();
        self.0.iter().find(|actor| roles.contains(&actor.role)).ok_or_else(|| {
            let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            let args = [("verb", texts.verb(command.word())), ("roles", words.join(", "))];
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Failure::usage(texts.get("program-verb-needs-role", &args))
        })
    }
}
