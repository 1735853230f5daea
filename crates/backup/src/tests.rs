//! Backups of small records: made, damaged, encrypted, restored.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    BackupError, Decryption, Encryption, Manifest, archive, restore, staging::Staging, verify,
    write_file, write_stream,
};
use facture_domain::NodeId;
use facture_store::{Error as StoreError, LabelKeyFile, Store};

/// A directory with records, as a server leaves them.
struct World {
    directory: TempDir,
}

impl World {
    async fn new() -> Self {
        let world = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        let store = Store::open(&world.records()).await.unwrap();
        store.bind(&NodeId::new("02".repeat(33))).await.unwrap();
        store.close().await;
        LabelKeyFile::open(&world.records()).unwrap();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn records(&self) -> PathBuf {
        self.path("records")
    }

    fn backup(&self, encryption: &Encryption) -> Vec<u8> {
        let mut written = Vec::new();
        write_stream(&self.records(), &mut written, encryption).unwrap();
        written
    }

    /// Nothing of these bytes gets into an empty directory. Why.
    fn refused(&self, backup: &[u8], decryption: &Decryption) -> BackupError {
        let to = self.path("refused");
        let refused = restore(backup, decryption, &to).unwrap_err();
        assert_eq!(names(&to), ["facture.lock"], "{refused}");
        refused
    }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn what_is_restored_is_what_was_there() {
    let world = World::new().await;
    let before = names(&world.records());
    let file = world.path("backup.tar.gz");
    let made = write_file(&world.records(), &file, &Encryption::None).unwrap();
    let mut after = names(&world.records());
    // SQLite's, empty: what only reads does not remove them.
    after.retain(|name| !["facture.db-shm", "facture.db-wal"].contains(&name.as_str()));
    assert_eq!(after, before, "nothing is left over");
    assert_eq!(mode(&file), 0o600);
    let bytes = fs::read(&file).unwrap();
    assert_eq!(u64::try_from(bytes.len()).unwrap(), made.bytes);
    assert_eq!(verify(&*bytes, &Decryption::None).unwrap(), made.manifest);
    assert_eq!(made.manifest.node_id, Some("02".repeat(33)));
    assert_eq!(made.manifest.schema, facture_store::Store::SCHEMA);

    let to = world.path("restored");
    let restored = restore(&*bytes, &Decryption::None, &to).unwrap();
    assert_eq!(restored, made.manifest);
    assert_eq!(names(&to), ["facture.db", "facture.lock", "label.key"]);
    assert_eq!([mode(&to), mode(&to.join("facture.db"))], [0o700, 0o600]);
    let key = |directory: &Path| LabelKeyFile::open(directory).unwrap().key().expose();
    assert_eq!(key(&to), key(&world.records()));
    let store = Store::open(&to).await.unwrap();
    assert_eq!(
        store.node().await.unwrap(),
        Some(NodeId::new("02".repeat(33)))
    );
    store.close().await;
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let world = World::new().await;
    let file = world.path("backup");
    fs::write(&file, "mine").unwrap();
    let refused = write_file(&world.records(), &file, &Encryption::None).unwrap_err();
    assert!(matches!(refused, BackupError::Exists(_)), "{refused}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    let backup = world.backup(&Encryption::None);
    for name in ["facture.db", "facture.db-wal", "label.key"] {
        let to = world.path(&format!("with {name}"));
        fs::create_dir(&to).unwrap();
        fs::set_permissions(&to, fs::Permissions::from_mode(0o700)).unwrap();
        fs::write(to.join(name), "mine").unwrap();
        let refused = restore(&*backup, &Decryption::None, &to).unwrap_err();
        assert!(refused.to_string().contains(name), "{refused}");
        assert_eq!(fs::read_to_string(to.join(name)).unwrap(), "mine");
    }
    // A server has it.
    let to = world.path("used");
    let store = Store::open(&to).await.unwrap();
    let refused = restore(&*backup, &Decryption::None, &to).unwrap_err();
    assert!(
        matches!(refused, BackupError::Store(StoreError::InUse { .. })),
        "{refused}"
    );
    store.close().await;
}

#[tokio::test]
async fn what_is_no_longer_whole_is_refused() {
    let world = World::new().await;
    let backup = world.backup(&Encryption::None);
    let none = &Decryption::None;
    let manifest = verify(&*backup, none).unwrap();
    for length in (0..backup.len()).step_by(97).chain([backup.len() - 1]) {
        let refused = world.refused(&backup[..length], none);
        assert!(
            matches!(
                refused,
                BackupError::Truncated { .. } | BackupError::NotABackup
            ),
            "{length}: {refused}"
        );
    }
    let (mut refusals, mut tries) = (0, 0);
    for place in (0..backup.len()).step_by(61).chain([backup.len() - 1]) {
        let mut damaged = backup.clone();
        damaged[place] ^= 0x10;
        tries += 1;
        let to = tempfile::tempdir().unwrap();
        match restore(&*damaged, none, to.path()) {
            Err(
                BackupError::Damaged { .. }
                | BackupError::Truncated { .. }
                | BackupError::NotABackup,
            ) => {
                assert_eq!(names(to.path()), ["facture.lock"], "{place}");
                refusals += 1;
            }
            Err(other) => panic!("{place}: {other}"),
            // Some bits of the compression may be otherwise, and the content is the same: zeros after other zeros, say.
            Ok(restored) => assert_eq!(restored, manifest, "{place}"),
        }
    }
    assert!(refusals * 10 > tries * 8, "{refusals} of {tries}");
    let longer = [&backup[..], b"x"].concat();
    let refused = world.refused(&longer, none);
    assert!(refused.to_string().contains("its end"), "{refused}");
    assert!(matches!(
        world.refused(b"PK\x03\x04, say", none),
        BackupError::NotABackup
    ));
}

/// A backup of these records whose manifest says something else.
fn with_manifest(world: &World, change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let parts = tempfile::tempdir().unwrap();
    let whole = world.backup(&Encryption::None);
    let mut manifest = restore(&*whole, &Decryption::None, parts.path()).unwrap();
    change(&mut manifest);
    let mut written = Vec::new();
    archive::write(parts.path(), &manifest, &Encryption::None, &mut written).unwrap();
    written
}

#[tokio::test]
async fn what_the_manifest_does_not_say_is_refused() {
    let world = World::new().await;
    let none = &Decryption::None;
    let newer = with_manifest(&world, |manifest| manifest.schema = 9_999);
    assert!(matches!(
        world.refused(&newer, none),
        BackupError::Store(StoreError::NewerSchema { found: 9_999, .. })
    ));
    let newer = with_manifest(&world, |manifest| manifest.format = 2);
    assert!(matches!(world.refused(&newer, none), BackupError::Newer(_)));
    for (part, wrong) in [
        (
            "label.key",
            with_manifest(&world, |manifest| {
                manifest.members[0].sha256 = "0".repeat(64)
            }),
        ),
        (
            "label.key",
            with_manifest(&world, |manifest| {
                manifest.label_key = Some("another".to_owned())
            }),
        ),
        (
            "facture.db",
            with_manifest(&world, |manifest| manifest.last_event += 1),
        ),
        (
            "facture.db",
            with_manifest(&world, |manifest| drop(manifest.members.pop())),
        ),
    ] {
        let refused = world.refused(&wrong, none).to_string();
        assert!(refused.contains(part), "{refused}");
    }
}

#[tokio::test]
async fn one_at_a_time_and_what_a_killed_one_left_is_removed() {
    let world = World::new().await;
    let staging = Staging::take(&world.records()).unwrap();
    fs::write(staging.path().join("facture.db"), "a part").unwrap();
    let busy = write_stream(&world.records(), Vec::new(), &Encryption::None).unwrap_err();
    assert!(matches!(busy, BackupError::Busy(_)), "{busy}");
    // As by SIGKILL: nothing is cleared, and the lock is gone.
    let left = staging.path().to_owned();
    std::mem::drop(staging);
    fs::create_dir(&left).unwrap();
    fs::write(left.join("facture.db"), "a part").unwrap();
    world.backup(&Encryption::None);
    assert!(!left.exists());
}

#[tokio::test]
async fn while_the_records_are_open_and_without_a_key_yet() {
    let world = World::new().await;
    fs::remove_file(world.records().join("label.key")).unwrap();
    let store = Store::open(&world.records()).await.unwrap();
    let backup = world.backup(&Encryption::None);
    let to = world.path("restored");
    let manifest = restore(&*backup, &Decryption::None, &to).unwrap();
    assert_eq!(manifest.label_key, None);
    assert_eq!(names(&to), ["facture.db", "facture.lock"]);
    store.close().await;
    let missing = write_stream(&world.path("nothing"), Vec::new(), &Encryption::None);
    assert!(matches!(
        missing,
        Err(BackupError::Store(StoreError::NoRecords { .. }))
    ));
    assert!(!world.path("nothing").exists());
}

#[cfg(feature = "age")]
mod encrypted {
    use age::x25519::Identity;
    use secrecy::{ExposeSecret, SecretString};

    use super::*;
    use crate::IdentitiesFile;

    fn identities(world: &World, identities: &[&Identity]) -> Decryption {
        let file = world.path("identities");
        let lines = identities
            .iter()
            .map(|identity| format!("# a comment\n{}\n", identity.to_string().expose_secret()));
        fs::write(&file, lines.collect::<String>()).unwrap();
        Decryption::Identities(vec![IdentitiesFile::read(&file).unwrap()])
    }

    #[tokio::test]
    async fn each_recipient_opens_it_and_nobody_else() {
        let world = World::new().await;
        let [one, two, other] = [(); 3].map(|()| Identity::generate());
        let recipients = [&one, &two].map(|key| key.to_public().to_string().parse().unwrap());
        let encryption = Encryption::Recipients(recipients.to_vec());
        let file = world.path("backup.age");
        let made = write_file(&world.records(), &file, &encryption).unwrap();
        let backup = fs::read(&file).unwrap();
        for key in [&one, &two] {
            // Among others.
            let manifest = verify(&*backup, &identities(&world, &[&other, key])).unwrap();
            assert_eq!(manifest, made.manifest);
        }
        let wrong = identities(&world, &[&other]);
        assert!(matches!(
            world.refused(&backup, &wrong),
            BackupError::WrongKey
        ));
        assert!(matches!(
            world.refused(&backup, &Decryption::None),
            BackupError::NeedsIdentity
        ));
        let opens = identities(&world, &[&one]);
        for place in (0..backup.len()).step_by(211).chain([backup.len() - 1]) {
            let mut damaged = backup.clone();
            damaged[place] ^= 1;
            world.refused(&damaged, &opens);
            world.refused(&backup[..place], &opens);
        }
        assert!("age1nonsense".parse::<crate::Recipient>().is_err());
    }

    #[tokio::test]
    async fn a_passphrase_opens_it_and_another_does_not() {
        let world = World::new().await;
        let passphrase = |text: &str| SecretString::from(text);
        let encryption = Encryption::Passphrase(passphrase("correct horse"));
        let file = world.path("backup.age");
        let made = write_file(&world.records(), &file, &encryption).unwrap();
        let backup = fs::read(&file).unwrap();
        let right = Decryption::Passphrase(passphrase("correct horse"));
        assert_eq!(verify(&*backup, &right).unwrap(), made.manifest);
        let wrong = Decryption::Passphrase(passphrase("battery staple"));
        assert!(matches!(
            world.refused(&backup, &wrong),
            BackupError::WrongKey
        ));
        assert!(matches!(
            world.refused(&backup, &Decryption::None),
            BackupError::NeedsPassphrase
        ));
    }
}
