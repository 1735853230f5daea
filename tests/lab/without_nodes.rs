//! What the lab says where there is nothing to run.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::home::Home;

#[test]
fn missing_programs_are_listed_with_their_projects() {
    let empty = tempfile::tempdir().unwrap();
    let home = Home::new().with_path(empty.path());
    for (kind, expected, not) in [
        (
            "cln",
            &["bitcoind", "lightningd", "Core Lightning"][..],
            "lncli",
        ),
        ("lnd", &["bitcoin-cli", "lncli", "LND"][..], "lightningd"),
        ("mixed", &["bitcoind", "lightning-cli", "lncli"][..], "://"),
    ] {
        let said = home.run(&["up", "--node", kind]);
        assert!(!said.succeeded);
        assert_eq!(said.out, "");
        for word in expected {
            assert!(said.error.contains(word), "{word}: {}", said.error);
        }
        assert!(!said.error.contains(not), "{}", said.error);
    }
    assert!(!home.usual_lab().exists(), "nothing was begun");
}

#[test]
fn where_there_is_no_lab_every_command_says_so() {
    let home = Home::new();
    for command in [
        &["balances"][..],
        &["invoice", "1000"],
        &["pay", "1000"],
        &["mine", "1"],
        &["close"],
        &["watch"],
        &["logs"],
        &["hold", "1000"],
    ] {
        let said = home.run(command);
        assert!(!said.succeeded, "{command:?}");
        assert!(said.error.contains("there is no lab in"), "{said:?}");
    }
    let down = home.lab(&["down"]);
    assert!(down.starts_with("There is no lab in"), "{down}");
}

/// With programs that are nothing but names.
#[test]
fn a_directory_with_other_things_in_it_is_left_alone() {
    let programs = tempfile::tempdir().unwrap();
    for name in ["bitcoind", "bitcoin-cli", "lightningd", "lightning-cli"] {
        let file = programs.path().join(name);
        fs::write(&file, "#!/nonexistent\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let home = Home::new().with_path(programs.path());
    let other = home.dir().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("letter.txt"), "dear").unwrap();
    let dir = other.to_str().unwrap();

    let up = home.run(&["up", "--dir", dir]);
    assert!(!up.succeeded);
    assert!(up.error.contains("is not a lab and not empty"), "{up:?}");
    home.lab(&["down", "--dir", dir]);
    let left: Vec<_> = fs::read_dir(&other).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");

    let long = home.dir().join("long".repeat(30));
    let up = home.run(&["up", "--dir", long.to_str().unwrap()]);
    assert!(up.error.contains("too long for a Unix socket"), "{up:?}");

    // What fails half-way can be ended.
    let lab = home.dir().join("a");
    let dir = lab.to_str().unwrap();
    let up = home.run(&["up", "--dir", dir]);
    assert!(!up.succeeded);
    assert!(
        up.error.contains("bitcoind ended; its log says why"),
        "{up:?}"
    );
    assert!(up.error.contains("facture lab down"), "{up:?}");
    let state = lab.join("lab.json").metadata().unwrap();
    assert_eq!(state.permissions().mode() & 0o777, 0o600);
    assert_eq!(lab.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let other_kind = home.run(&["up", "--node", "lnd", "--dir", dir]);
    assert!(
        other_kind.error.contains("is of the kind cln"),
        "{other_kind:?}"
    );
    let balances = home.run(&["balances", "--dir", dir]);
    assert!(
        balances.error.contains("bitcoind is not running"),
        "{balances:?}"
    );
    // A state that cannot be read is no reason to let things run.
    fs::write(lab.join("lab.json"), "{").unwrap();
    let damaged = home.run(&["balances", "--dir", dir]);
    assert!(
        damaged.error.contains("is not a lab's state"),
        "{damaged:?}"
    );
    let down = home.lab(&["down", "--dir", dir]);
    assert!(down.starts_with("Nothing was running"), "{down}");
    assert!(!lab.exists());
}
