# facture for nix-bitcoin: add this file to the `imports` of a nix-bitcoin configuration. README.md has an example.
{ config, lib, pkgs, ... }:

with lib;
let
  options.services.facture = {
    enable = mkEnableOption "facture, a Lightning checkout";
    node = mkOption {
      type = types.enum [ "clightning" "lnd" ];
      default = "clightning";
      description = "The node that receives the payments.";
    };
    address = mkOption {
      type = types.str;
      default = "127.0.0.1";
      description = "Address to listen on.";
    };
    port = mkOption {
      type = types.port;
      default = 9112;
      description = "Port to listen on.";
    };
    dataDir = mkOption {
      type = types.path;
      default = "/var/lib/facture";
      description = "The directory of the records, and of the key by which facture knows its invoices.";
    };
    settings = mkOption {
      type = (pkgs.formats.toml { }).type;
      default = { };
      example = {
        server.public_url = "https://shop.example";
        site.name = "Corner shop";
        desk.enabled = true;
      };
      description = "facture's configuration: the keys of config.example.toml. No secrets, as all users can read it.";
    };
    package = mkOption {
      type = types.package;
      default = pkgs.callPackage ./package.nix { };
      defaultText = "pkgs.callPackage ./package.nix { }";
      description = "The package with facture.";
    };
    user = mkOption {
      type = types.str;
      default = "facture";
      description = "The user that facture runs as.";
    };
    group = mkOption {
      type = types.str;
      default = cfg.user;
      description = "The group that facture runs as.";
    };
    tor.enforce = nbLib.tor.enforce;
  };

  cfg = config.services.facture;
  nbLib = config.nix-bitcoin.lib;
  inherit (config.services) clightning lnd;
  isLnd = cfg.node == "lnd";

  # What lets facture in. It allows invoices, and nothing that spends.
  keys = "/run/facture-keys";
  rights = map (call: ''{"entity":"uri","action":"${call}"}'') [
    "/lnrpc.Lightning/GetInfo"
    "/lnrpc.Lightning/AddInvoice"
    "/lnrpc.Lightning/LookupInvoice"
    "/lnrpc.Lightning/ListInvoices"
    "/lnrpc.Lightning/SubscribeInvoices"
    "/invoicesrpc.Invoices/CancelInvoice"
    "/invoicesrpc.Invoices/AddHoldInvoice"
    "/invoicesrpc.Invoices/SettleInvoice"
  ];

  nodeSettings =
    if isLnd then {
      kind = "lnd";
      lnd_url = "https://${nbLib.addressWithPort lnd.restAddress lnd.restPort}";
      tls_cert_file = lnd.certPath;
      macaroon_file = "/run/lnd/facture.macaroon";
    } else {
      # clnrest's own certificate is valid for this name.
      rest_url = "https://localhost:${toString clightning.plugins.clnrest.port}";
      rune_file = "${keys}/rune";
      ca_file = "${keys}/ca.pem";
    };

  configFile = (pkgs.formats.toml { }).generate "facture.toml" (recursiveUpdate cfg.settings {
    server.listen = "${cfg.address}:${toString cfg.port}";
    store.data_dir = cfg.dataDir;
    node = nodeSettings;
  });

  # Makes a rune once, by the command that facture prints, and copies the node's certificate. Runs as root.
  getKeys = nbLib.rootScript "facture-keys" ''
    export PATH=${makeBinPath [ clightning.cli pkgs.jq pkgs.coreutils ]}
    install -d -m 750 -o root -g ${cfg.group} ${keys}
    rune=${cfg.dataDir}/rune
    if [[ ! -e $rune ]]; then
      eval "$(${cfg.package}/bin/facture rune)" | jq -er .rune | install -m 600 /dev/stdin "$rune"
    fi
    install -m 640 -o root -g ${cfg.group} "$rune" ${keys}/rune
    install -m 640 -o root -g ${cfg.group} ${clightning.networkDir}/ca.pem ${keys}/ca.pem
  '';
in
{
  inherit options;

  config = mkIf cfg.enable {
    services.lnd = mkIf isLnd {
      enable = true;
      macaroons.facture = {
        user = cfg.user;
        permissions = concatStringsSep "," rights;
      };
    };
    services.clightning = mkIf (!isLnd) {
      enable = true;
      plugins.clnrest.enable = true;
    };

    systemd.tmpfiles.rules = [
      "d '${cfg.dataDir}' 0700 ${cfg.user} ${cfg.group} - -"
    ];

    systemd.services.facture = rec {
      description = "facture, a Lightning checkout";
      wantedBy = [ "multi-user.target" ];
      requires = [ "${cfg.node}.service" ];
      after = requires ++ [ "nix-bitcoin-secrets.target" ];
      serviceConfig = nbLib.defaultHardening // {
        ExecStartPre = optional (!isLnd) getKeys;
        ExecStart = "${cfg.package}/bin/facture serve --config ${configFile}";
        User = cfg.user;
        Group = cfg.group;
        UMask = "0077";
        Restart = "on-failure";
        RestartSec = "2s";
        TimeoutStopSec = "15s";
        LimitNOFILE = 65536;
        ReadWritePaths = [ cfg.dataDir ];
      } // nbLib.allowedIPAddresses cfg.tor.enforce;
    };

    users.users.${cfg.user} = {
      isSystemUser = true;
      group = cfg.group;
    };
    users.groups.${cfg.group} = { };
  };
}
