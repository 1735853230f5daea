#!/bin/bash
# facture, a Lightning checkout, as a bonus of RaspiBlitz. See README.md.

app=facture
port=9112
port_tls=9116
port_tor=9117
port_tor_tls=9118
data=/mnt/hdd/app-data/$app
config=/etc/$app/config.toml
sites=/etc/nginx/sites-available
scripts=/home/admin/config.scripts

usage() {
  echo "# bonus.$app.sh status                     -> key=value"
  echo "# FACTURE_DEB=<file> bonus.$app.sh on      -> installs the Debian package <file>"
  echo "# bonus.$app.sh off [--delete-data]        -> removes it, and the records only if that is said"
  echo "# bonus.$app.sh menu                       -> how to reach it"
  exit 1
}

fail() {
  echo "error='$1'"
  exit 1
}

is_installed() { dpkg-query --show "$app" >/dev/null 2>&1; }
local_address() { hostname -I | awk '{print $1}'; }
onion_address() { sudo cat "/mnt/hdd/tor/$app/hostname" 2>/dev/null; }

status() {
  local installed=0 running=0 healthy=0
  is_installed && installed=1
  systemctl --quiet is-active "$app" && running=1
  sudo -u "$app" facture doctor --only server,follower --data-dir "$data" >/dev/null 2>&1 && healthy=1
  echo "appID='$app'"
  echo "isInstalled=$installed"
  echo "isRunning=$running"
  echo "isHealthy=$healthy"
  echo "portCLEAR=$port"
  echo "portSSL=$port_tls"
  echo "localIP='$(local_address)'"
  echo "toraddress='$(onion_address)'"
}

menu() {
  is_installed || fail "facture is not installed"
  local text onion
  text="In a browser in your network:\nhttps://$(local_address):$port_tls\n\nThe first owner's link of the desk:\nsudo cat $data/desk-first-owner.link"
  onion=$(onion_address)
  [ -n "$onion" ] && text="$text\n\nWith Tor Browser:\nhttp://$onion"
  whiptail --title " facture " --msgbox "$text" 16 70
}

# A macaroon that allows invoices and nothing else: what `facture lnd-macaroon` prints.
bake_macaroon() {
  # shellcheck source=/dev/null
  source <("$scripts/network.aliases.sh" getvars lnd mainnet)
  local made=/home/bitcoin/facture.macaroon
  # lncli_alias is a command with its arguments.
  # shellcheck disable=SC2154,SC2086
  $lncli_alias bakemacaroon --save_to "$made" \
    uri:/lnrpc.Lightning/GetInfo \
    uri:/lnrpc.Lightning/AddInvoice \
    uri:/lnrpc.Lightning/LookupInvoice \
    uri:/lnrpc.Lightning/ListInvoices \
    uri:/lnrpc.Lightning/SubscribeInvoices \
    uri:/invoicesrpc.Invoices/CancelInvoice \
    uri:/invoicesrpc.Invoices/AddHoldInvoice \
    uri:/invoicesrpc.Invoices/SettleInvoice || fail "LND made no macaroon"
  sudo install -m 640 -o root -g "$app" "$made" "/etc/$app/$app.macaroon"
  sudo rm "$made"
  sudo install -m 644 /mnt/hdd/lnd/tls.cert "/etc/$app/tls.cert"
}

write_config() {
  local public
  public=https://$(local_address):$port_tls
  sudo tee "$config" >/dev/null <<TOML
# Written by bonus.$app.sh. Every key: /usr/share/doc/facture/config.example.toml.

[server]
listen = "127.0.0.1:$port"
public_url = "$public"
trusted_proxies = ["127.0.0.1"]

[node]
kind = "lnd"
lnd_url = "https://localhost:8080"
tls_cert_file = "/etc/$app/tls.cert"
macaroon_file = "/etc/$app/$app.macaroon"

[desk]
enabled = true
TOML
  sudo chmod 600 "$config"
}

# The records are on the disk that RaspiBlitz keeps.
move_records() {
  sudo install -d -m 700 -o "$app" -g "$app" "$data"
  sudo mkdir -p "/etc/systemd/system/$app.service.d"
  sudo tee "/etc/systemd/system/$app.service.d/raspiblitz.conf" >/dev/null <<UNIT
[Unit]
After=lnd.service

[Service]
ExecStart=
ExecStart=/usr/bin/facture serve --config \${CREDENTIALS_DIRECTORY}/config.toml --data-dir $data
ReadWritePaths=$data
UNIT
  sudo systemctl daemon-reload
}

# A site of nginx: its name, where it listens, the certificate's snippet (none: plain http, for Tor).
write_site() {
  local name=$1 listen=$2 certificate=$3
  {
    echo "server {"
    echo "    listen $listen;"
    echo "    server_name _;"
    if [ -n "$certificate" ]; then
      echo "    include /etc/nginx/snippets/ssl-params.conf;"
      echo "    include /etc/nginx/snippets/$certificate;"
    fi
    cat <<NGINX
    location / {
        proxy_pass http://127.0.0.1:$port;
        proxy_http_version 1.1;
        proxy_set_header Host \$http_host;
        proxy_set_header X-Forwarded-For \$remote_addr;
        proxy_set_header Upgrade \$http_upgrade;
        proxy_set_header Connection \$http_connection;
        proxy_buffering off;
        proxy_read_timeout 11m;
    }
}
NGINX
  } | sudo tee "$sites/$name.conf" >/dev/null
  sudo ln -sf "$sites/$name.conf" /etc/nginx/sites-enabled/
}

proxies_on() {
  write_site "${app}_ssl" "$port_tls ssl" ssl-certificate-app-data.conf
  write_site "${app}_tor" "localhost:$port_tor" ""
  write_site "${app}_tor_ssl" "localhost:$port_tor_tls ssl" ssl-certificate-app-data-tor.conf
  sudo nginx -t && sudo systemctl reload nginx
  sudo ufw allow "$port_tls" comment "$app HTTPS"
  # shellcheck disable=SC2154
  if [ "$runBehindTor" = on ]; then
    "$scripts/tor.onion-service.sh" "$app" 80 "$port_tor" 443 "$port_tor_tls"
  fi
}

proxies_off() {
  local name
  for name in "${app}_ssl" "${app}_tor" "${app}_tor_ssl"; do
    sudo rm -f "/etc/nginx/sites-enabled/$name.conf" "$sites/$name.conf"
  done
  sudo nginx -t && sudo systemctl reload nginx
  sudo ufw delete allow "$port_tls"
  "$scripts/tor.onion-service.sh" off "$app"
}

switch_on() {
  is_installed && fail "facture is installed already"
  [ -f "$FACTURE_DEB" ] || fail "FACTURE_DEB must be the file of the Debian package"
  # shellcheck disable=SC2154
  [ "$lightning" = lnd ] || fail "this is for LND; with Core Lightning, use the plugin"
  sudo apt-get install -y "$(realpath "$FACTURE_DEB")" || fail "the package could not be installed"
  bake_macaroon
  write_config
  move_records
  proxies_on
  sudo systemctl enable --now "$app" || fail "facture did not start"
  "$scripts/blitz.conf.sh" set "$app" on
  echo "# OK: https://$(local_address):$port_tls"
}

switch_off() {
  sudo systemctl disable --now "$app"
  proxies_off
  # Without a terminal the package asks nothing, and keeps its records.
  sudo DEBIAN_FRONTEND=noninteractive apt-get purge -y "$app"
  sudo rm -rf "/etc/systemd/system/$app.service.d"
  sudo systemctl daemon-reload
  if [ "$1" = --delete-data ]; then
    sudo rm -rf "$data"
  fi
  "$scripts/blitz.conf.sh" set "$app" off
  echo "# OK"
}

case $1 in
  status | menu | on | 1 | off | 0) ;;
  *) usage ;;
esac
# shellcheck source=/dev/null
source /mnt/hdd/raspiblitz.conf
case $1 in
  status) status ;;
  menu) menu ;;
  on | 1) switch_on ;;
  off | 0) switch_off "$2" ;;
esac
