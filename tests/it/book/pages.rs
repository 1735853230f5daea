//! Reading the pages: their blocks of code, and the code in their text.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page in English.
pub(super) struct Page {
    /// Its path in the repository.
    pub(super) path: String,
    /// Its blocks of code, in order.
    pub(super) blocks: Vec<Block>,
    /// The code in its text.
    pub(super) spans: Vec<String>,
}

/// A fenced block of code.
pub(super) struct Block {
    /// Where it is, for complaints.
    pub(super) place: String,
    pub(super) language: String,
    pub(super) code: String,
    pub(super) mark: Mark,
}

/// What a page says about running a block.
pub(super) enum Mark {
    /// Nothing: it is run here.
    None,
    /// The test that runs it.
    RunBy(String),
    /// Why it is not run.
    NotRun(String),
}

impl Block {
    /// Whether it is to be typed into a shell.
    pub(super) fn is_shell(&self) -> bool {
        matches!(self.language.as_str(), "sh" | "console")
    }

    /// The commands, each in one line.
    pub(super) fn commands(&self) -> Vec<String> {
        let joined = self.code.replace("\\\n", " ");
        let lines = joined.lines();
        match self.language.as_str() {
            "console" => lines
                .filter_map(|line| line.strip_prefix("$ "))
                .map(str::to_owned)
                .collect(),
            _ => lines.map(str::to_owned).collect(),
        }
    }
}

impl Mark {
    /// The mark in this line, and whether it is for all blocks of the page that are a console.
    fn of(line: &str) -> Option<(Self, bool)> {
        let comment = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        let (comment, is_for_all) = match comment.strip_prefix("every console is ") {
            Some(rest) => (rest, true),
            None => (comment, false),
        };
        let mark = match comment.split_once(": ")? {
            ("run by", test) => Self::RunBy(test.to_owned()),
            ("not run", why) => Self::NotRun(why.to_owned()),
            _ => return None,
        };
        Some((mark, is_for_all))
    }
}

/// The README and all pages of the book that are no translations.
pub(super) fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("SECURITY.md")];
    for folder in ["docs", "docs/shop", "docs/decisions"] {
        files.extend(markdown_in(&root.join(folder)));
    }
    let name = |file: &Path| {
        let path = file.strip_prefix(root).expect("within the repository");
        path.to_str().expect("a plain path").to_owned()
    };
    let read = |file: PathBuf| Page::read(name(&file), &fs::read_to_string(&file).expect("a page"));
    files.into_iter().map(read).collect()
}

fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "md"));
    files.sort();
    files
}

impl Page {
    fn read(path: String, text: &str) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut prose = String::new();
        let mut for_all = None;
        let mut above = None;
        let mut is_open = false;
        for (number, line) in (1..).zip(text.lines()) {
            match (line.strip_prefix("```"), is_open) {
                (Some(language), false) => {
                    is_open = true;
                    blocks.push(Block {
                        place: format!("{path}:{number}"),
                        language: language.to_owned(),
                        code: String::new(),
                        mark: above.take().unwrap_or(Mark::None),
                    });
                }
                (Some(_), true) => is_open = false,
                (None, true) => {
                    let block = blocks.last_mut().expect("the open one");
                    block.code += line;
                    block.code.push('\n');
                }
                (None, false) => {
                    prose += line;
                    prose.push(' ');
                    above = match Mark::of(line) {
                        Some((Mark::RunBy(test), true)) => {
                            for_all = Some(test);
                            None
                        }
                        Some((mark, _)) => Some(mark),
                        None => None,
                    };
                }
            }
        }
        assert!(!is_open, "{path}: a block without an end");
        if let Some(test) = for_all {
            for block in blocks
                .iter_mut()
                .filter(|block| block.language == "console")
            {
                block.mark = Mark::RunBy(test.clone());
            }
        }
        let spans = prose.split('`').skip(1).step_by(2);
        Self {
            path,
            blocks,
            spans: spans.map(str::to_owned).collect(),
        }
    }
}
