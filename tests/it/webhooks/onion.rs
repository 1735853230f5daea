//! Addresses of Tor's network, by a SOCKS5 proxy (RFC 1928).

use std::net::SocketAddr;

use facture_domain::hook::{DeliveryState, Failure, Outcome};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::{Shop, receiver::Receiver};

/// A proxy that leads everywhere to one address; the names and ports that it was asked for.
async fn proxy(to: SocketAddr) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (asked, names) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(lead(stream, to, asked.clone()));
        }
    });
    (address, names)
}

async fn lead(mut stream: TcpStream, to: SocketAddr, asked: mpsc::UnboundedSender<String>) {
    let [version, methods] = read(&mut stream).await;
    assert_eq!(version, 5);
    let mut offered = vec![0; methods.into()];
    stream.read_exact(&mut offered).await.expect("the methods");
    assert!(offered.contains(&0), "no password is asked for");
    stream.write_all(&[5, 0]).await.expect("an answer");
    let [version, connect, _, kind] = read(&mut stream).await;
    // By name: an address would have been asked of a resolver.
    assert_eq!((version, connect, kind), (5, 1, 3));
    let [length] = read(&mut stream).await;
    let mut name = vec![0; length.into()];
    stream.read_exact(&mut name).await.expect("a name");
    let port = stream.read_u16().await.expect("a port");
    let name = String::from_utf8(name).expect("text");
    asked
        .send(format!("{name}:{port}"))
        .expect("the test goes on");
    let mut receiver = TcpStream::connect(to).await.expect("the receiver");
    stream
        .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        .await
        .expect("an answer");
    let _ = copy_bidirectional(&mut stream, &mut receiver).await;
}

async fn read<const BYTES: usize>(stream: &mut TcpStream) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    stream.read_exact(&mut bytes).await.expect("more");
    bytes
}

#[tokio::test]
async fn onion_addresses_are_reached_by_the_proxy_and_no_others() {
    let (hidden, open) = (Receiver::start().await, Receiver::start().await);
    let (proxy, mut names) = proxy(hidden.address).await;
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__ONION_PROXY", &proxy.to_string()),
    ])
    .await;
    let name = format!("{}.onion", "a2".repeat(28));
    let endpoint = shop.endpoint(&format!("http://{name}/paid")).await;
    let other = shop.endpoint(&open.url("/paid")).await;
    shop.sell().await;
    for (receiver, endpoint) in [(&hidden, &endpoint), (&open, &other)] {
        let received = receiver.wait_for(1).await;
        assert_eq!(received[0].path, "/paid");
        assert_eq!(received[0].json()["type"], "invoice.paid");
        shop.delivery(endpoint, |delivery| {
            delivery.state == DeliveryState::Delivered
        })
        .await;
    }
    assert_eq!(names.try_recv().expect("asked"), format!("{name}:80"));
    assert!(
        names.try_recv().is_err(),
        "the other one is reached directly"
    );
    assert_eq!(hidden.received()[0].header("host"), name);
}

#[tokio::test]
async fn without_the_proxy_nobody_is_asked_for_such_a_name() {
    let nobody = Receiver::start().await;
    let away = nobody.address.to_string();
    nobody.stop().await;
    for settings in [&[][..], &[("WEBHOOKS__ONION_PROXY", away.as_str())]] {
        let shop = Shop::open_with(settings).await;
        let endpoint = shop.endpoint("http://abcdefghij.onion/").await;
        shop.webhooks.test(&endpoint).await.expect("queued");
        let (_, attempts) = shop
            .delivery(&endpoint, |delivery| delivery.attempts == 1)
            .await;
        assert_eq!(attempts[0].outcome, Outcome::Failed(Failure::Proxy));
    }
}
