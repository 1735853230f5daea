# facture, built from this checkout. It needs Rust 1.95 or newer.
{ lib, rustPlatform }:

rustPlatform.buildRustPackage {
  pname = "facture";
  version = (lib.importTOML ../../Cargo.toml).workspace.package.version;

  src = lib.cleanSource ../..;
  cargoLock.lockFile = ../../Cargo.lock;

  # The tests start servers and take long: they are run before a release.
  doCheck = false;

  meta = {
    description = "Self-hosted Lightning checkout for Core Lightning and LND";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "facture";
  };
}
