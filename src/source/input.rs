//! The deliveries as they are read: the files of a zip in its place, all in name order.

use crate::domain::error::Error;
use crate::domain::packing::Packing;
use crate::domain::quarantine::Reason;
use crate::source::archive::{ZipMember, entries};
use crate::source::bounds::FREE;
use crate::source::content::{Content, Delivery};
use crate::source::trouble::Trouble;
use crate::source::unreadable::{refusal, unreadable};
use rayon::prelude::*;
use std::io::{self, Read as _};

/// A delivery to read, or one that is refused whole before it is opened.
pub(crate) struct Input<'a> {
    delivery: InputSource<'a>,
    pub(crate) refused: Option<Reason>,
}

enum InputSource<'a> {
    Listed(&'a Delivery),
    Packed(Delivery),
}

impl<'a> Input<'a> {
    /// A delivery as it is, to read or refused for a reason.
    pub(crate) fn itself(delivery: &'a Delivery, refused: Option<Reason>) -> Input<'a> {
        Input { delivery: InputSource::Listed(delivery), refused }
    }

    pub(crate) fn delivery(&self) -> &Delivery {
        match &self.delivery {
            InputSource::Listed(delivery) => delivery,
            InputSource::Packed(delivery) => delivery,
        }
    }
}

/// Puts the files of a zip in its place, in name order; any other delivery is itself. A zip that
/// cannot be unpacked is one refused delivery.
pub(crate) fn expand(delivery: &Delivery) -> io::Result<Vec<Input<'_>>> {
    let itself = |refused| vec![Input::itself(delivery, refused)];
    if Packing::of(&delivery.name) != Some(Packing::Zip) {
        return Ok(itself(None));
    }
    if delivery.content.open()?.read(&mut [0])? == 0 {
        return Ok(itself(Some(Reason::EmptyFile {})));
    }
    let members = match members(&*delivery.content) {
        Ok(members) => members,
        Err(error) => {
            return Packing::Zip.reason(&error).map_or(Err(error), |why| Ok(itself(Some(why))));
        }
    };
    let packed = members.into_iter().map(|(name, entry)| Delivery {
        name: format!("{}/{name}", delivery.name),
        content: Box::new(entry),
    });
    Ok(packed
        .map(|member| Input { delivery: InputSource::Packed(member), refused: None })
        .collect())
}

/// The files of a zip that are deliveries, in name order: hidden ones and lock files of open sheets
/// are none.
pub(crate) fn members(content: &dyn Content) -> io::Result<Vec<(String, ZipMember)>> {
    let mut members = entries(content, FREE)?;
    members.retain(|(name, _)| {
        let hidden = |part: &str| part.starts_with('.') && !matches!(part, "." | "..");
        let lock = name.rsplit('/').next().is_some_and(|file_name| file_name.starts_with("~$"));
        !name.split('/').any(hidden) && !lock && !name.starts_with("__MACOSX/")
    });
    members.sort_by(|left, right| left.0.cmp(&right.0));
    let named = members.iter().all(|(name, _)| !name.chars().any(char::is_control));
    if named && !members.is_empty() { Ok(members) } else { Err(Trouble::Broken.into()) }
}

/// What was read of a delivery, if it is still what it was. One that changed says nothing, whatever
/// the reading of it came to: its bytes are of no one file.
pub(crate) fn fail_if_changed<T>(
    delivery: &Delivery,
    read: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let read = read();
    let unreadable = |source| unreadable(delivery, source);
    delivery.content.unchanged().map_err(unreadable)?;
    read
}

/// The deliveries as they are read: the files of a zip in its place, all in name order.
pub(crate) fn expand_archives(deliveries: &[Delivery]) -> Result<Vec<Input<'_>>, Error> {
    let unpacked: Vec<Vec<Input>> = deliveries
        .par_iter()
        .map(|delivery| {
            let unreadable = |source| unreadable(delivery, source);
            match fail_if_changed(delivery, || expand(delivery).map_err(unreadable)) {
                Err(Error::Read { source, .. }) => {
                    Ok(vec![Input::itself(delivery, Some(refusal(&source)))])
                }
                unpacked => unpacked,
            }
        })
        .collect::<Result<_, _>>()?;
    let mut inputs: Vec<Input> = unpacked.into_iter().flatten().collect();
    if inputs.len() != deliveries.len() {
        inputs.sort_by(|left, right| left.delivery().name.cmp(&right.delivery().name));
    }
    Ok(inputs)
}
