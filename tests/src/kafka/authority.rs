//! Certificates for brokers of a test: an authority of its own, and what it signs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::programs::well;

const DAYS: &str = "2";
const CURVE: [&str; 6] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch"];

/// An authority in a folder of its own. It signs for the address 127.0.0.1 only.
pub struct Authority {
    folder: PathBuf,
}

impl Authority {
    /// Makes one.
    ///
    /// # Panics
    /// There is no `openssl`, or no room.
    #[must_use]
    pub fn new(folder: &Path) -> Authority {
        fs::create_dir_all(folder).expect("a folder for certificates");
        let authority = Authority { folder: folder.to_owned() };
        let mut make = authority.openssl("req");
        make.args(["-x509", "-days", DAYS, "-subj", "/CN=authority of a test"]).args(CURVE);
        well(make.args(["-keyout", "ca.key", "-out", "ca.pem"]));
        authority
    }

    /// The certificate that clients trust, as PEM.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A key with its certificate for 127.0.0.1 and that of the authority, as a broker reads them from one file.
    ///
    /// # Panics
    /// There is no `openssl`, or no room.
    #[must_use]
    pub fn sign(&self) -> PathBuf {
        let mut ask = self.openssl("req");
        ask.args(["-new", "-subj", "/CN=broker of a test"]).args(CURVE);
        well(ask.args(["-keyout", "broker.key", "-out", "broker.csr"]));
        fs::write(self.folder.join("names"), "subjectAltName=IP:127.0.0.1\n").expect("a new file");
        let mut sign = self.openssl("x509");
        sign.args(["-req", "-in", "broker.csr", "-days", DAYS, "-extfile", "names"]);
        well(sign.args(["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "broker.crt"]));
        let parts = ["broker.key", "broker.crt", "ca.pem"];
        let whole: String =
            parts.map(|name| fs::read_to_string(self.folder.join(name)).expect(name)).concat();
        let path = self.folder.join("broker.pem");
        fs::write(&path, whole).expect("a new file");
        path
    }

    fn openssl(&self, what: &str) -> Command {
        let mut command = Command::new("openssl");
        command.arg(what).current_dir(&self.folder);
        command
    }
}
