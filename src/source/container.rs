//! Packed deliveries: gzip and zstd, unpacked while they are read, never more than is believable.

use crate::domain::number::to_u64;
use crate::domain::packing::Packing;
use crate::domain::quarantine::Reason;
use crate::source::bounds::{Bound, FREE};
use crate::source::content::Content;
use crate::source::trouble::Trouble;
use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

impl Packing {
    /// The reason a delivery that could not be unpacked is refused for; `None` when the packed
    /// bytes themselves could not be read.
    pub(crate) fn reason(self, error: &io::Error) -> Option<Reason> {
        match error.get_ref()?.downcast_ref::<Trouble>()? {
            Trouble::Broken => Some(self.broken()),
            Trouble::TooLarge(bound) => Some(bound.reason()),
        }
    }

    /// What a delivery is refused for that its reader can make nothing of.
    pub(crate) fn broken(self) -> Reason {
        Reason::BrokenContainer { container: self.word().into() }
    }
}

/// The most that so many packed bytes may become, of which `free` whatever they are.
pub(crate) fn believable(packed: u64, free: u64) -> u64 {
    free.saturating_add(Bound::Ratio.limit().saturating_mul(packed))
}

/// What a library that reads packed bytes says of them, or that they are broken where it panics: at
/// places and numbers no program writes, which is one more way for a delivery to be broken. The
/// panic says nothing on standard error, see [`is_caught`].
pub(crate) fn quietly<T>(read: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let before = CAUGHT.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    CAUGHT.set(before);
    outcome.unwrap_or_else(|_| Err(Trouble::Broken.into()))
}

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread is the one of a library that reads packed bytes, and is caught.
pub(crate) fn is_caught() -> bool {
    CAUGHT.get()
}

/// A gzip or zstd file as what is in it.
pub(crate) struct Unpacked<'a> {
    pub(crate) packed: &'a dyn Content,
    pub(crate) packing: Packing,
}

impl Content for Unpacked<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let packing = self.packing;
        let mut failed = None;
        let input = guarded(self.packed.open()?, |packed| match packing {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
            Packing::Zstd => match zstd::stream::read::Decoder::with_buffer(packed) {
                Ok(decoder) => Box::new(decoder),
                Err(error) => {
                    failed = Some(error);
                    Box::new(io::empty())
                }
            },
            Packing::Zip | Packing::Xlsx | Packing::Ods => Box::new(packed),
        });
        failed.map_or(Ok(input), Err)
    }
}

/// Packed bytes unpacked by `decode`, guarded: what is damaged is told from a disk that cannot be
/// read, and what grows beyond belief is stopped.
pub(crate) fn guarded(
    packed: Box<dyn Read + Send>,
    decode: impl FnOnce(BufReader<Metered>) -> Box<dyn Read + Send>,
) -> Box<dyn Read + Send> {
    let meter = Arc::new(Meter::default());
    let input = decode(BufReader::new(Metered { input: packed, meter: Arc::clone(&meter) }));
    Box::new(GuardedInput { input, meter, given: 0 })
}

/// What was read of the packed bytes.
#[derive(Default)]
struct Meter {
    bytes: AtomicU64,
    failed: AtomicBool,
}

/// Packed bytes, counted as they are read.
pub(crate) struct Metered {
    input: Box<dyn Read + Send>,
    meter: Arc<Meter>,
}

impl Read for Metered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(out);
        match &read {
            Ok(length) => {
                let length = to_u64(*length);
                self.meter.bytes.fetch_add(length, Ordering::Relaxed);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.meter.failed.store(true, Ordering::Relaxed),
        }
        read
    }
}

/// Tells damage from a disk that cannot be read, and stops what grows beyond belief.
struct GuardedInput {
    input: Box<dyn Read + Send>,
    meter: Arc<Meter>,
    given: u64,
}

impl Read for GuardedInput {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = match quietly(|| self.input.read(out)) {
            Ok(length) => length,
            Err(error) => {
                let own = error.kind() == io::ErrorKind::Interrupted
                    || self.meter.failed.load(Ordering::Relaxed);
                return Err(if own { error } else { Trouble::Broken.into() });
            }
        };
        self.given += to_u64(length);
        if self.given > believable(self.meter.bytes.load(Ordering::Relaxed), FREE) {
            return Err(Bound::Ratio.into());
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::{Packing, Trouble, Unpacked, is_caught, quietly};
    use crate::source::bounds::FREE;
    use crate::source::content::Content;
    use std::io::{self, Read as _, Write as _};

    fn gzip(parts: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            let mut writer =
                flate2::write::GzEncoder::new(&mut bytes, flate2::Compression::default());
            writer.write_all(part).expect("memory writes");
            writer.finish().expect("memory writes");
        }
        bytes
    }

    /// The text, or the code it is refused for.
    fn unpack(bytes: &[u8], packing: Packing) -> Result<Vec<u8>, &'static str> {
        let mut text = Vec::new();
        let read = Unpacked { packed: &bytes.to_vec(), packing }
            .open()
            .and_then(|mut input| input.read_to_end(&mut text));
        match read {
            Ok(_) => Ok(text),
            Err(error) => Err(packing.reason(&error).expect("memory reads").code()),
        }
    }

    #[test]
    fn every_member_is_read() {
        let text = Ok(b"a;b\n1;2\n".to_vec());
        assert_eq!(unpack(&gzip(&[b"a;b\n", b"1;2\n"]), Packing::Gzip), text);
        let frame = |part: &[u8]| zstd::stream::encode_all(part, 3).expect("memory writes");
        assert_eq!(unpack(&[frame(b"a;b\n"), frame(b"1;2\n")].concat(), Packing::Zstd), text);
    }

    #[test]
    fn what_is_damaged_cut_short_or_something_else_is_refused() {
        let packed = gzip(&[&b"a;b\n1;2\n".repeat(50)]);
        let mut damaged = packed.clone();
        let middle = damaged.len() - 6;
        damaged[middle] ^= 1;
        for bytes in [damaged, packed[..packed.len() - 3].to_vec(), b"a;b\n1;2\n".to_vec()] {
            assert_eq!(unpack(&bytes, Packing::Gzip), Err("Q009"));
        }
        let packed = zstd::stream::encode_all(&b"a;b\n1;2\n"[..], 3).expect("memory writes");
        for bytes in [packed[..packed.len() - 3].to_vec(), b"a;b\n1;2\n".to_vec()] {
            assert_eq!(unpack(&bytes, Packing::Zstd), Err("Q009"));
        }
    }

    #[test]
    fn what_grows_beyond_belief_is_refused() {
        let packed = zstd::stream::encode_all(io::repeat(b' ').take(FREE + 4_000_000), 1);
        assert_eq!(unpack(&packed.expect("memory writes"), Packing::Zstd), Err("Q013"));
    }

    #[test]
    fn gzip_is_stopped_as_well() {
        let bytes = gzip(&[&vec![b'\n'; usize::try_from(FREE * 2).expect("a few MiB")]]);
        assert_eq!(unpack(&bytes, Packing::Gzip), Err("Q013"));
    }

    #[test]
    fn a_panic_of_a_library_is_a_broken_delivery_and_quiet_while_it_reads_alone() {
        std::panic::set_hook(Box::new(|_| assert!(is_caught(), "the hook is asked meanwhile")));
        let read = quietly(|| -> io::Result<()> { panic!("no program writes this") });
        drop(std::panic::take_hook());
        let error = read.expect_err("it panicked");
        let trouble = error.get_ref().and_then(|inner| inner.downcast_ref::<Trouble>());
        assert!(matches!(trouble, Some(Trouble::Broken)));
        assert!(!is_caught());
    }

    #[test]
    fn a_disk_that_fails_is_no_damage() {
        struct Failing;
        impl Content for Failing {
            fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
                Ok(Box::new(io::BufReader::new(Failing)))
            }
        }
        impl io::Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let packing = Packing::Gzip;
        let mut input = Unpacked { packed: &Failing, packing }.open().expect("opens");
        let error = input.read(&mut [0; 8]).expect_err("gone");
        assert_eq!(packing.reason(&error), None);
    }
}
