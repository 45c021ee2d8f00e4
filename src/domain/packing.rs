//! How a delivery is packed, told by the ending of its name: the one list of such endings.

/// How a delivery is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
    /// `.zip`
    Zip,
    /// `.xlsx`
    Xlsx,
    /// `.ods`
    Ods,
}

impl Packing {
    /// Each there is.
    pub(crate) const ALL: [Packing; 5] =
        [Packing::Gzip, Packing::Zstd, Packing::Zip, Packing::Xlsx, Packing::Ods];

    /// The packing a name speaks of, in any case of letters.
    pub(crate) fn of(name: &str) -> Option<Packing> {
        let ending = name.rsplit_once('.')?.1;
        Packing::ALL.into_iter().find(|packing| packing.ending().eq_ignore_ascii_case(ending))
    }

    /// The name of what is packed in a file of this name, where that is one stream of bytes; else
    /// the name itself.
    pub(crate) fn inner_name(name: &str) -> &str {
        let is_stream = match Packing::of(name) {
            Some(Packing::Gzip | Packing::Zstd) => true,
            Some(Packing::Zip | Packing::Xlsx | Packing::Ods) | None => false,
        };
        name.rsplit_once('.').filter(|_| is_stream).map_or(name, |(inner, _)| inner)
    }

    /// What a name ends with, behind its last point, in small letters.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Packing::Gzip => "gz",
            Packing::Zstd => "zst",
            Packing::Zip => "zip",
            Packing::Xlsx => "xlsx",
            Packing::Ods => "ods",
        }
    }

    /// Its name in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
            Packing::Zip | Packing::Xlsx | Packing::Ods => self.ending(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Packing;

    #[test]
    fn a_name_tells_its_packing() {
        for (name, packing, inner) in [
            ("x.csv", None, "x.csv"),
            ("x", None, "x"),
            ("gz", None, "gz"),
            ("x.csv.gz", Some(Packing::Gzip), "x.csv"),
            ("æ.csv.ZST", Some(Packing::Zstd), "æ.csv"),
            ("x.zip", Some(Packing::Zip), "x.zip"),
            ("x.Xlsx", Some(Packing::Xlsx), "x.Xlsx"),
            ("x.ods", Some(Packing::Ods), "x.ods"),
            ("x.gz.csv", None, "x.gz.csv"),
        ] {
            assert_eq!(Packing::of(name), packing, "{name}");
            assert_eq!(Packing::inner_name(name), inner, "{name}");
        }
    }
}
