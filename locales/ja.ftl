# Every page: the frame around it.
sandbox-title = テストモード。
sandbox-text = 本物のお金は動きません。
languages = 言語
moment-utc = { $time } (UTC)
sat = sat

# The front page: a merchant creates an invoice.
form-title = 新しい請求書
form-check = ご確認ください
form-amount = 金額（サトシ）
form-amount-hint = { $minimum }～{ $maximum } sat。空欄の場合は { $default }。
form-amount-fixed = このお店の金額は { $amount } sat です。
form-description = 内容
form-description-hint = お支払いの内容です。購入者のウォレットに表示されます。空欄の場合は「{ $default }」。
form-submit = 請求書を作成

# Errors of a field.
amount-too-small = 金額は { $minimum } sat 以上にしてください。
amount-too-large = 金額は { $maximum } sat 以下にしてください。
amount-not-digits = 金額はサトシ単位の整数を、半角数字だけで入力してください。
amount-fixed = 金額は { $amount } sat で、変更できません。
description-too-long = 内容が { $bytes } バイトあります。{ $most } バイトまで入力できます。
description-control = 内容に改行などの制御文字は使えません。
description-not-text = 内容が正しい UTF-8 の文字列ではありません。
field-repeated = 項目「{ $field }」が二回以上送信されました。
field-unknown = 項目「{ $field }」はありません。使えるのは「amount」と「description」です。

# Unpaid.
pay-title = 請求書のお支払い
any-amount = 金額は任意
waiting = お支払いを待っています
qr-code = QR コード
open-wallet = ウォレットで開く
choose-wallet = ウォレットを選ぶ
pay-in-browser = ブラウザのウォレットで支払う
invoice-text = ライトニング請求書
copy = 請求書をコピー
copied = コピーしました
time-left = 残り時間
minutes-left = お支払い期限まであと { $minutes } 分
span-days = { $days } 日
span-hours = { $hours } 時間
span-minutes = { $minutes } 分
span-both = { $larger } { $smaller }
pay-until = お支払い期限
follows = このページは自動で更新されます。
check-now = 今すぐ確認
sandbox-pay = 支払う（テスト）
stale = 現在ライトニングノードに接続できませんが、お支払いが失われることはありません。最後に確認できた時点：
close = 閉じる
node-warns = この請求書は支払えない可能性があると、ライトニングノードが警告しています：
show-receipt = 領収書を表示
show-page-again = ページを更新

# The payment is held until the shop takes it or sends it back.
accepted-title = 承認済み
accepted-text = お支払い金額は確保されましたが、まだ引き落とされていません。お店が代金を受け取るか、全額をお返しします。それまでは、ウォレットに保留中と表示されることがあります。

# Paid.
paid-title = お支払い済み
asked-for = 請求額
paid-at = お支払い日時
refunded-part = 一部返金済み
refunded-whole = 全額返金済み
onward = { $shop } に戻る
order = ご注文
paid-to = お支払い先
payment-hash = 支払いハッシュ
print = 領収書を印刷・保存
proof-title = お支払いの証明
proof-hint = ウォレットにはこのお支払いのプリイメージが保存されています。ここに貼り付けると、この請求書のものか確かめられます。
proof-preimage = プリイメージ
proof-check = 照合
proof-matches = 一致しました。このプリイメージがお支払いを証明します。
proof-differs = 一致しません。別のお支払いのプリイメージです。
proof-not-hex = プリイメージは 0～9 と a～f の 64 文字です。
proven-title = お支払いは証明済みです
proven-text = プリイメージは正しく、この請求書は支払われています。ただし、お店のライトニングノードにはこのお支払いの記録がありません。もう一度お支払いにならず、お店に連絡し、プリイメージと支払いハッシュをお伝えください。

# Expired, or cancelled.
expired-title = 期限切れ
expired-text = この請求書は期限が切れました。お支払いいただけません。
renew = 新しい請求書を受け取る
renewed-text = このご注文には新しい請求書があります。
renewed-open = 新しい請求書へ
cancelled-text = この請求書はお店により取り消されました。お支払いいただけません。
cancelled-held-text = この請求書はお店により取り消されました。代金は引き落とされていません。
expired-proof = すでにお支払いですか？ウォレットで証明できます。
closed-text = ここでは新しい請求書を受け取れません。お支払いをご希望の場合は、お店に新しい請求書をご依頼ください。
cancelled-title = 取り消し済み

# Errors: a heading, what it means and what to do next.
try-again = 今すぐ再試行
asks-again = このページは自動で再試行します。
front-page = トップページへ
request-id = お問い合わせコード
trouble-not-found = アドレスを確かめるか、トップページからやり直してください。
    .title = ページが見つかりません
trouble-invoice-not-found = リンク全体がコピーされているかご確認ください。
    .title = 請求書が見つかりません
trouble-invoice-not-payable = お支払い済み、期限切れ、または取り消し済みです。もうお支払いいただけません。
    .title = この請求書は終了しました
trouble-invoice-not-renewable = ここで新しい請求書に差し替えることはできません。お店にお問い合わせください。
    .title = この請求書は更新できません
trouble-method-not-allowed = このアドレスはこの種類のリクエストを受け付けません。
    .title = このページは直接開けません
trouble-unsupported-media-type = 項目は application/x-www-form-urlencoded で送信してください。
    .title = 読み取れませんでした
trouble-bad-request = リクエストが途切れたか、形式が正しくありません。
    .title = 読み取れませんでした
trouble-body-too-large = リクエストが 64 KiB を超えています。
    .title = 読み取れませんでした
trouble-request-timeout = リクエストが時間内に届きませんでした。もう一度送信してください。
    .title = 時間がかかりすぎました
trouble-rate-limited = 短時間にリクエストが集中しました。何も失われていません。一分ほど待ってから、もう一度お試しください。
    .title = リクエストが多すぎます
trouble-too-many-unpaid = 支払い待ちの請求書が多すぎるため、今は新しい請求書を作成できません。何も失われていません。数分後にもう一度お試しください。
    .title = 未払いの請求書が多すぎます
trouble-overloaded = アクセスが集中しています。何も失われていません。数秒後にもう一度お試しください。
    .title = ただいま混み合っています
trouble-cross-site = このフォームは別のサイトから送信されました。こちらでページを開き、そこから送信してください。
    .title = 別のサイトから送信されました
trouble-form-off = このお店では、お店が請求書を作成します。支払い用のリンクをお店にお問い合わせください。
    .title = ここにはフォームがありません
trouble-invalid =
    .title = 修正が必要です
trouble-node-unreachable = ライトニングノードに接続できません。お支払い済みの場合、お支払いは安全で、このページに表示されます。数秒後にもう一度お試しください。
    .title = ライトニングノードを利用できません
trouble-node-timeout = ライトニングノードが時間内に応答しませんでした。お支払い済みの場合、お支払いは安全で、このページに表示されます。数秒後にもう一度お試しください。
    .title = ライトニングノードを利用できません
trouble-node-busy = ライトニングノードが混み合っています。数秒後にもう一度お試しください。
    .title = ライトニングノードを利用できません
trouble-node-refused = ライトニングノードがリクエストを拒否しました。もう一度お試しいただくか、お店にお知らせください。
    .title = ライトニングノードを利用できません
trouble-node-malformed = ライトニングノードの応答を利用できません。もう一度お試しいただくか、お店にお知らせください。
    .title = ライトニングノードを利用できません
trouble-node-replaced = このライトニングノードは、このお店の請求書があるノードではありません。お店にお知らせください。
    .title = ライトニングノードを利用できません
trouble-node-not-followed = ライトニングノードからの更新がまだ届いていません。お支払い済みの場合、お支払いは安全で、このページに表示されます。
    .title = ライトニングノードを利用できません
trouble-store-failed = 現在お店の記録を保存できません。お支払い済みの場合、お支払いは安全です。もう一度お試しいただくか、お店にお知らせください。
    .title = 現在保存できません
trouble-internal = もう一度お試しください。続くようでしたら、下のお問い合わせコードをお店にお知らせください。
    .title = こちらで問題が発生しました

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = 24文字以内の短いテキスト。
reveal-text = テキスト（{ $size }）。
reveal-file = ファイル：{ $name }（{ $size }）。
reveal-how = 請求書が発行されます。支払いが完了すると、そのページに購入した内容が表示されます。
reveal-word-warning = このテキストは支払いそのものの一部です。支払いを中継するすべてのノードが読むことができます。
reveal-sold-out = 売り切れです。
reveal-buy = 購入する
reveal-again = もう一度購入する
sold-title = 購入した内容
sold-download = ダウンロード
sold-sealed = 暗号化されたファイルをダウンロード
sold-sealed-hint = この支払いについてウォレットが保管する受領証（preimage）があれば、このショップがなくても暗号化されたファイルを開けます：facture reveal open ファイル PREIMAGE
trouble-item-not-found = アドレスをご確認ください。販売が終了した可能性があります。
    .title = 販売していません
trouble-sold-out = すべて売り切れか予約済みです。請求書は作成されず、料金は発生していません。支払われない予約はしばらくすると解放されます。
    .title = 売り切れ
trouble-payment-required = 請求書の支払いが完了するとダウンロードできます。
    .title = 未払いです

# Offers: the page of a code that is paid again and again.
offer-title = このお店に支払う
offer-how = オファー（BOLT 12）に対応したウォレットでこのコードを読み取ってください。何度でもお支払いいただけます。
offer-note = お支払いの際、ウォレットからお店へメッセージを送れます。
offer-text = ライトニングオファー
offer-copy = オファーをコピー
offer-print = このコードを印刷
offer-over-title = 無効になりました
offer-over-text = このコードではもうお支払いいただけません。お店に新しいコードをご依頼ください。
payer-note = お店へのメッセージ
trouble-offer-not-found = リンク全体がコピーされているかご確認ください。
    .title = オファーが見つかりません

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = お支払い方法
way-lightning = Lightning
way-any = どのウォレットでも
way-any-hint = もう一方のコードを読み取れないウォレット向けです。
way-text = 支払いリンク
way-copy = リンクをコピー
