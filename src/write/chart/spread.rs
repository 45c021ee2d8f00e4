//! Names beside the ends of lines: moved as little as keeps them apart.

/// Moves blocks, given as (middle, height) from top to bottom, as little as keeps them apart and in
/// bounds.
pub(super) fn spread(wanted: &[(i32, i32)], (first, last): (i32, i32)) -> Vec<i32> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (middle, high) in wanted {
        let wish = middle - high / 2;
        let mut new =
            Cluster { wishes: wish, blocks: 1, high: *high, top: wish.min(last - high).max(first) };
        while let Some(above) = clusters.pop_if(|above| above.top + above.high > new.top) {
            new.wishes += above.wishes - new.blocks * above.high;
            new.blocks += above.blocks;
            new.high += above.high;
            new.top = new.wishes.div_euclid(new.blocks).min(last - new.high).max(first);
        }
        clusters.push(new);
    }
    let mut heights = wanted.iter().map(|(_, high)| *high);
    let mut middles = Vec::new();
    for cluster in clusters {
        let mut top = cluster.top;
        for _ in 0..cluster.blocks {
            let high = heights.next().expect("a cluster's blocks are all wanted");
            middles.push(top + high / 2);
            top += high;
        }
    }
    middles
}

/// Blocks that touch, moved together.
struct Cluster {
    /// Sum, over its blocks, of where the cluster's top would be if the block had its wish.
    wishes: i32,
    blocks: i32,
    high: i32,
    top: i32,
}

#[cfg(test)]
mod tests {
    use super::spread;
    use proptest::prelude::*;

    #[test]
    fn names_that_have_room_stay_beside_their_lines() {
        assert_eq!(spread(&[(50, 20), (100, 20)], (0, 200)), [50, 100]);
        assert_eq!(spread(&[(100, 20), (100, 20)], (0, 200)), [90, 110]);
        assert_eq!(spread(&[(5, 20), (198, 20)], (0, 200)), [10, 190]);
    }

    proptest! {
        #[test]
        fn names_never_overlap(mut wanted in prop::collection::vec((0_i32..300, 10_i32..40), 0..8)) {
            wanted.sort_unstable();
            let middles = spread(&wanted, (0, 320));
            let mut free = 0;
            for (middle, (_, high)) in middles.iter().zip(&wanted) {
                prop_assert!(middle - high / 2 >= free);
                free = middle - high / 2 + high;
            }
            prop_assert!(free <= 320);
        }
    }
}
