//! `README.md`: says, before anything else, that nothing in the folder is real.

use crate::programme::model::Programme;

/// The text of the file.
pub(super) fn text(programme: &Programme) -> String {
    let id = &programme.id;
    format!(
        "\
# Opdigtede leverancer

**Alle tal i denne mappe er opdigtede.** Myndighedernes navne og koder er virkelige, men beløb,
sager, tekster og fejl er lavet af et program og siger intet om nogen myndighed. Det, der ligner
personnumre (`010180-0000`), er også opdigtet: det står der, for at filteret skal standse det.

- `forbrug/`: posteringer, én fil pr. myndighed og år. `brug/`: sager pr. måned, ydelse og kanal.
- Hver myndighed skriver på sin måde: skilletegn, tegnsæt, datoer og kolonnenavne skifter.
- Omkring hver hundrede linje er forkert med vilje, og nogle filer er forkerte helt igennem.
- `answers.toml` er facit: hvad en kørsel skal finde. Det er regnet ud uden om programmets egne
  formler, ud fra det, der blev skrevet i filerne.

Lav mappen igen, byte for byte:

```sh
cargo run -- sample pipelines/{id} --out sample-data
```

# Made-up deliveries

**Every figure in this folder is made up.** The names and codes of the authorities are real;
amounts, transactions, texts and faults are made by a program and say nothing about any authority.
What looks like a personal number (`010180-0000`) is made up too: it is there for the guard to stop.

- `forbrug/`: postings, one file an authority and year. `brug/`: transactions by month, service and
  channel.
- Each authority writes in its own way: separators, encodings, dates and column names differ.
- About one line in a hundred is wrong on purpose, and some files are wrong all through.
- `answers.toml` is the key: what a run must find. It is worked out apart from the pipeline's own
  formulas, from what was written into the files.

The command above makes the folder again, byte for byte.
"
    )
}
