//! A PostgreSQL cluster in a folder of its own, on a unix socket, stopped and removed at the end.

use crate::Fallible;
use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// Where Debian puts the versions.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Account that runs the cluster if we are the superuser, whom PostgreSQL does not serve.
const ACCOUNT: &str = "postgres";
/// Beside PostgreSQL's own defaults: memory that fits the rows, and no checkpoint in the middle of a round for
/// want of room. Its plans go by index from the first decision on: made while a table is small, they would scan it for
/// ever. Commits are durable.
const SETTINGS: &str = "-c listen_addresses='' -c shared_buffers=1GB -c max_wal_size=8GB -c enable_seqscan=off \
                        -c fsync=on -c synchronous_commit=on";

/// A running cluster.
pub(super) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    pub(super) version: String,
}

impl Cluster {
    pub(super) fn start() -> Fallible<Cluster> {
        let programs = programs()?;
        let version = Command::new(programs.join("postgres")).arg("--version").output()?;
        let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
        let folder = tempfile::tempdir()?;
        if is_superuser()? {
            // The account has to find its folder.
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
            run(Command::new("install").args(["-d", "-m", "700", "-o", ACCOUNT]).arg(data(&folder)))?;
        }
        let cluster = Cluster { folder, programs, version };
        let data = data(&cluster.folder);
        run(cluster
            .program("initdb")?
            .args(["-A", "trust", "-U", ACCOUNT, "-E", "UTF8", "--no-locale"])
            .arg(&data))?;
        let settings = format!("{SETTINGS} -c unix_socket_directories='{}'", data.display());
        let mut start = cluster.program("pg_ctl")?;
        start.arg("-D").arg(&data).arg("-l").arg(data.join("diary")).args(["-w", "-o", &settings, "start"]);
        run(&mut start)?;
        Ok(cluster)
    }

    /// A client with pipes to it.
    pub(super) fn client(&self) -> Fallible<Child> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", ACCOUNT, "-d", "postgres", "-h"]);
        psql.arg(data(&self.folder)).stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(psql.spawn()?)
    }

    /// A program as somebody whom PostgreSQL serves.
    fn program(&self, name: &str) -> Fallible<Command> {
        let program = self.programs.join(name);
        if !is_superuser()? {
            return Ok(Command::new(program));
        }
        let mut command = Command::new("runuser");
        command.args(["-u", ACCOUNT, "--"]).arg(program);
        command.current_dir("/");
        Ok(command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped = self.program("pg_ctl").and_then(|mut stop| {
            run(stop.arg("-D").arg(data(&self.folder)).args(["-w", "-m", "immediate", "stop"]))
        });
        if let Err(fault) = stopped {
            eprintln!("PostgreSQL was not stopped: {fault}");
        }
    }
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// The programs of the newest version that is installed.
fn programs() -> Fallible<PathBuf> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten().map(|entry| entry.path());
    let complete = versions.filter(|path| path.join("bin/initdb").exists());
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = complete.max_by_key(|path| number(path));
    Ok(newest.ok_or("PostgreSQL is not installed (apt-get install postgresql)")?.join("bin"))
}

fn is_superuser() -> Fallible<bool> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

fn run(command: &mut Command) -> Fallible<()> {
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}
