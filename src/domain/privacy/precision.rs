//! How much the guard finds, and how much it stops that is no personal number: on made-up texts.

use crate::domain::number::to_usize;
use crate::domain::privacy::may_hold_cpr;
use std::fmt::Write as _;

/// Texts of each kind.
const TEXTS: u32 = 1_000;

/// Numbers that look random and are the same each time.
/// Source: Steele and Vigna, "Computationally easy, spectrally good multipliers", 2021.
struct TestRandom(u64);

impl TestRandom {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(1);
        (self.0 >> 33) % most
    }

    /// So many digits, the first of them not zero.
    fn digits(&mut self, count: u32) -> String {
        let least = 10_u64.pow(count - 1);
        (least + self.below(1 << 31) * 5 % (least * 9)).to_string()
    }

    fn date(&mut self) -> [String; 3] {
        let two = |value: u64| format!("{value:02}");
        [two(1 + self.below(28)), two(1 + self.below(12)), two(self.below(100))]
    }

    fn serial(&mut self) -> String {
        format!("{:04}", self.below(10_000))
    }

    fn time(&mut self) -> [String; 2] {
        [format!("{:02}", self.below(24)), format!("{:02}", self.below(60))]
    }
}

/// Every listed form of a number is found, alone and within a text.
#[test]
fn all_forms_are_found() {
    let mut random = TestRandom(1);
    let wide = |text: &str| -> String {
        let wide = |digit| char::from_u32(u32::from(digit) - u32::from('0') + 0xFF10);
        text.chars()
            .map(|letter| {
                if letter.is_ascii_digit() { wide(letter) } else { Some(letter) }.expect("a digit")
            })
            .collect()
    };
    let mut missed = Vec::new();
    for _ in 0..TEXTS {
        let [day, month, year] = random.date();
        let serial = random.serial();
        let date = format!("{day}{month}{year}");
        let replacement = format!("{}{month}{year}", day.parse::<u32>().expect("a day") + 60);
        let mut forms = vec![format!("{date}{serial}"), format!("{replacement}{serial}")];
        for mark in
            ["-", "/", ".", ":", "_", " ", "  ", " - ", "–", "\u{a0}", "\u{200b}", "\t", "−"]
        {
            forms.push(format!("{date}{mark}{serial}"));
            forms.push(format!("{replacement}{mark}{serial}"));
            forms.push(format!("{day}{mark}{month}{mark}{year}{mark}{serial}"));
            forms.push(format!("{day}{mark}{month}{year}-{serial}"));
            forms.push(format!("{day}{month}{mark}{year}-{serial}"));
        }
        for hidden in ['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{202e}', '\u{0}', '\u{7f}']
        {
            let every = |text: &str| text.chars().flat_map(|at| [at, hidden]).collect::<String>();
            forms.push(every(&format!("{date}-{serial}")));
        }
        let spaced: Vec<String> = format!("{date}{serial}").chars().map(String::from).collect();
        forms.push(spaced.join(" "));
        forms.push(wide(&format!("{date}-{serial}")));
        forms.push(wide(&format!("{date}{serial}")));
        if let Some(bare) = date.strip_prefix('0') {
            forms.push(format!("{bare}-{serial}"));
        }
        for form in forms {
            for text in [form.clone(), format!("Vedr. {form}, ref. 12"), format!("CPR:{form}.")] {
                if !may_hold_cpr(text.as_bytes()) {
                    missed.push(text);
                }
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed, such as {:?}",
        missed.len(),
        &missed[..missed.len().min(9)]
    );
}

/// A kind of text that holds no personal number.
type TextKind = (&'static str, fn(&mut TestRandom) -> String);

const KINDS: [TextKind; 34] = [
    ("invoice number of 5", |at| format!("Faktura {}", at.digits(5))),
    ("invoice number of 6", |at| format!("Faktura {}", at.digits(6))),
    ("invoice number of 8", |at| format!("Fakt.nr. {}", at.digits(8))),
    ("invoice number of 9", |at| format!("Faktura {}", at.digits(9))),
    ("invoice number of 10", |at| format!("Faktura {}", at.digits(10))),
    ("invoice number by year", |at| format!("Faktura 20{}-{}", at.digits(2), at.digits(5))),
    ("order number of 7", |at| format!("Ordre {}", at.digits(7))),
    ("order number of 10", |at| format!("Ordrenr. 45{}", at.digits(8))),
    ("order number with letters", |at| format!("PO-{}-{}", at.digits(6), at.digits(2))),
    ("case number by year", |at| format!("Sag {}/{}", at.digits(2), at.digits(6))),
    ("case number of a journal", |at| {
        format!("27.{}.{}-G01-{}-19", at.digits(2), at.digits(2), at.digits(2))
    }),
    ("case number of 2019", |at| format!("2019-{}", at.digits(6))),
    ("P-number", |at| format!("P-nr. 10{:08}", at.below(29_000_000))),
    ("CVR number", |at| format!("CVR {}", at.digits(8))),
    ("CVR number in pairs", |at| {
        format!("CVR {} {} {} {}", at.digits(2), at.digits(2), at.digits(2), at.digits(2))
    }),
    ("CVR number of the EU", |at| format!("DK{}", at.digits(8))),
    ("EAN", |at| format!("EAN 5798{}", at.digits(9))),
    ("EAN in groups", |at| format!("EAN 5798 {} {} {}", at.digits(3), at.digits(3), at.digits(3))),
    ("phone", |at| format!("tlf. {}", at.digits(8))),
    ("phone in pairs", |at| {
        format!("tlf. {} {} {} {}", at.digits(2), at.digits(2), at.digits(2), at.digits(2))
    }),
    ("phone with its country", |at| format!("+45 {}", at.digits(8))),
    ("phone in pairs with its country", |at| {
        format!("+45 {} {} {} {}", at.digits(2), at.digits(2), at.digits(2), at.digits(2))
    }),
    ("IBAN", |at| format!("DK{}{}", at.digits(8), at.digits(8))),
    ("IBAN in groups", |at| {
        let four = |at: &mut TestRandom| at.digits(4);
        format!("DK{} {} {} {} {}", at.digits(2), four(at), four(at), four(at), at.digits(2))
    }),
    ("bank account", |at| format!("{}-{}", at.digits(4), at.digits(10))),
    ("document of SAP", |at| format!("51{} 2019", at.digits(8))),
    ("document of SAP, counted up", |at| format!("19{:08}", at.below(1_000_000))),
    ("document of Navision", |at| format!("KF{}-{}", at.digits(2), at.digits(6))),
    ("day and time", |at| {
        let ([day, month, year], [hour, minute]) = (at.date(), at.time());
        format!("{day}-{month}-20{year} {hour}:{minute}")
    }),
    ("day and time of a log", |at| {
        let ([day, month, year], [hour, minute]) = (at.date(), at.time());
        format!("20{year}-{month}-{day}T{hour}:{minute}:00")
    }),
    ("day and time without the century", |at| {
        let ([day, month, year], [hour, minute]) = (at.date(), at.time());
        format!("{day}.{month}.{year} kl. {hour}.{minute}")
    }),
    ("span of days", |at| {
        let ([day, month, year], [other, later, _]) = (at.date(), at.date());
        format!("{day}.{month}.{year}-{other}.{later}.{year}")
    }),
    ("amount", |at| {
        format!("{}.{}.{},{} kr.", at.digits(2), at.digits(3), at.digits(3), at.digits(2))
    }),
    ("payment slip", |at| format!("+71<{}+{}<", at.digits(15), at.digits(8))),
];

/// Of texts without a personal number at most five in a hundred are stopped; a date with four
/// digits behind it, which cannot be told from one, is not among them.
#[test]
fn little_is_stopped_that_is_none() {
    let mut random = TestRandom(2);
    let mut stopped = 0;
    let mut table = String::new();
    for (name, make) in KINDS {
        let own = (0..TEXTS).filter(|_| may_hold_cpr(make(&mut random).as_bytes())).count();
        stopped += own;
        writeln!(table, "{name}: {own} of {TEXTS}").expect("a String takes any text");
    }
    let all = TEXTS * u32::try_from(KINDS.len()).expect("few kinds");
    let most = to_usize(all / 20);
    assert!(stopped <= most, "{stopped} of {all} are stopped\n{table}");
}
