//! The framing under every way to cut the bytes.

use proptest::prelude::*;
use serde_json::json;

use super::support::Bench;

/// Requests with many sorts of ids, spaces and strings.
fn requests() -> impl Strategy<Value = Vec<String>> {
    let id = prop_oneof![
        any::<u32>().prop_map(|number| number.to_string()),
        "[a-z \\-{}\\[\\]:,]{0,8}".prop_map(|text| format!("\"{text}\"")),
        Just("\"q\\\"\\\\\\u00e9\"".to_owned()),
    ];
    let space = "[ \n\t]{0,3}";
    let request = (id, space, "[a-zé{}\\[\\]☕]{0,12}")
        .prop_map(|(id, space, label)| {
            format!(
                "{space}{{\"jsonrpc\":{space}\"2.0\",\"id\":{id},\"method\":\"listinvoices\",{space}\"params\":{{\"label\":\"{label}\"}}}}"
            )
        });
    prop::collection::vec(request, 1..6)
}

async fn answers(bench: &Bench, pieces: &[&[u8]], count: usize) -> Vec<String> {
    let mut raw = bench.connect().await;
    for piece in pieces {
        raw.send(piece).await;
        tokio::task::yield_now().await;
    }
    let mut answers = Vec::new();
    for _ in 0..count {
        answers.push(raw.answer().await);
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_split_gives_the_same_answers(requests in requests(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let bytes = requests.concat().into_bytes();
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::start().await;
            let whole = answers(&bench, &[&bytes], requests.len()).await;
            let split = answers(&bench, &pieces, requests.len()).await;
            prop_assert_eq!(whole, split);
            Ok(())
        })?;
    }

    #[test]
    fn no_bytes_harm_the_node(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\":,\\u0 1tn".to_vec())], 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::start().await;
            let mut raw = bench.connect().await;
            raw.send(&bytes).await;
            let info = bench.call("getinfo", json!({})).await;
            prop_assert!(info["result"].is_object(), "{info}");
            Ok(())
        })?;
    }
}
