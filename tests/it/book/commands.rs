//! No page names a command or an option that does not exist.

use clap::{Parser, error::ErrorKind};
use facture::cli::Cli;

use super::pages::pages;

/// What a shell takes for the end of a command.
const ENDS: [&str; 5] = ["|", "&&", "&", ";", "||"];

/// The arguments of facture in a line of shell, if it is called there. `cargo run … --` is facture, too.
fn arguments(line: &str) -> Option<Vec<String>> {
    let words = shlex::split(&without_substitutions(line))?;
    let words = words
        .into_iter()
        .skip_while(|word| is_assignment(word))
        .collect::<Vec<_>>();
    let end = words.iter().position(|word| ENDS.contains(&word.as_str()));
    let words = &words[..end.unwrap_or(words.len())];
    let after = |separator: &str| {
        let at = words.iter().position(|word| word == separator)?;
        Some(&words[at + 1..])
    };
    let arguments = match words.first()?.as_str() {
        "facture" => &words[1..],
        "runuser" => after("--")?.strip_prefix(&["facture".to_owned()])?,
        "cargo" if words.get(1)? == "run" => after("--")?,
        _ => return None,
    };
    Some(arguments.to_vec())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    })
}

/// What `$(…)` stands for is not known here.
fn without_substitutions(line: &str) -> String {
    let mut rest = line;
    let mut known = String::new();
    while let Some((before, after)) = rest.split_once("$(") {
        known += before;
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    known + rest
}

/// What the command line says against these arguments. A value that is cut short need not be one.
fn complaint(arguments: &[String]) -> Option<clap::Error> {
    let all = ["facture"]
        .into_iter()
        .chain(arguments.iter().map(String::as_str));
    let error = Cli::try_parse_from(all).err()?;
    let is_cut_short = arguments.iter().any(|argument| argument.contains('…'));
    (!(is_cut_short && error.kind() == ErrorKind::ValueValidation)).then_some(error)
}

/// Every reading of words with alternatives, such as `backup|restore`. What stands for anything is left out.
fn readings(span: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for word in span.split_whitespace().filter(|word| *word != "…") {
        let words: Vec<_> = word.split('|').collect();
        all = all
            .iter()
            .flat_map(|before: &Vec<String>| {
                words.iter().map(move |word| {
                    let mut reading = before.clone();
                    reading.push((*word).to_owned());
                    reading
                })
            })
            .collect();
    }
    all
}

#[test]
fn commands_in_blocks_are_complete_and_right() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.is_shell()) {
            for arguments in block.commands().iter().filter_map(|line| arguments(line)) {
                seen += 1;
                if let Some(error) = complaint(&arguments) {
                    wrong.push(format!("{}: {arguments:?}: {error}", block.place));
                }
            }
        }
    }
    assert!(seen > 40, "only {seen} were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_in_texts_exist_with_their_options() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        for span in &page.spans {
            let Some(command) = span.strip_prefix("facture ") else {
                continue;
            };
            seen += 1;
            for arguments in readings(command) {
                let Some(error) = complaint(&arguments) else {
                    continue;
                };
                let is_part = matches!(
                    error.kind(),
                    ErrorKind::MissingRequiredArgument
                        | ErrorKind::MissingSubcommand
                        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                        | ErrorKind::DisplayHelp
                );
                if !is_part {
                    wrong.push(format!("{}: `{span}`: {error}", page.path));
                }
            }
        }
    }
    assert!(seen > 60, "only {seen} were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_option_that_does_not_exist_is_found() {
    let of = |line: &str| arguments(line).expect("facture is called");
    assert_eq!(
        of("A_B=c facture lab up --node cln &"),
        ["lab", "up", "--node", "cln"]
    );
    assert_eq!(of("runuser -u facture -- facture config"), ["config"]);
    assert_eq!(of("cargo run --release -- sandbox # it"), ["sandbox"]);
    assert_eq!(
        of("facture backup /a-$(date +%F).tgz"),
        ["backup", "/a-.tgz"]
    );
    assert_eq!(arguments("install -g facture /var/lib/facture"), None);
    let error = complaint(&of("facture serve --tls")).expect("a complaint");
    assert_eq!(error.kind(), ErrorKind::UnknownArgument);
    let error = complaint(&of("facture pay-rent")).expect("a complaint");
    assert_eq!(error.kind(), ErrorKind::InvalidSubcommand);
}
