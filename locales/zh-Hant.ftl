# Every page: the frame around it.
sandbox-title = 測試模式。
sandbox-text = 不涉及真實金錢。
languages = 語言
moment-utc = { $time }（UTC）
sat = sat

# The front page: a merchant creates an invoice.
form-title = 新增帳單
form-check = 請檢查
form-amount = 金額（聰，satoshi）
form-amount-hint = { $minimum } 到 { $maximum } sat。留空則為 { $default }。
form-amount-fixed = 此店家收取 { $amount } sat。
form-description = 說明
form-description-hint = 付款用途，會顯示在買家的錢包裡。留空則為「{ $default }」。
form-submit = 建立帳單

# Errors of a field.
amount-too-small = 金額最少為 { $minimum } sat。
amount-too-large = 金額最多為 { $maximum } sat。
amount-not-digits = 金額必須是整數的聰，只能使用數字。
amount-fixed = 金額為 { $amount } sat，無法更改。
description-too-long = 說明長達 { $bytes } 位元組，最多為 { $most }。
description-control = 說明不可包含換行或其他控制字元。
description-not-text = 說明不是有效的 UTF-8 文字。
field-repeated = 欄位「{ $field }」重複送出。
field-unknown = 沒有「{ $field }」這個欄位；可用的是「amount」和「description」。

# Unpaid.
pay-title = 支付這張帳單
any-amount = 金額由您決定
waiting = 等待付款
qr-code = QR 碼
open-wallet = 在錢包中開啟
choose-wallet = 選擇錢包
pay-in-browser = 用瀏覽器錢包付款
invoice-text = 閃電網路帳單
copy = 複製帳單
copied = 已複製
time-left = 剩餘時間
minutes-left = 付款時間還剩 { $minutes } 分鐘
span-days = { $days } 天
span-hours = { $hours } 小時
span-minutes = { $minutes } 分鐘
span-both = { $larger } { $smaller }
pay-until = 付款期限
follows = 本頁會自動更新。
check-now = 立即查看
sandbox-pay = 付款（測試）
stale = 目前無法連上閃電節點，但付款不會遺失。最後已知狀態的時間：
close = 關閉
node-warns = 閃電節點警告，這張帳單可能無法支付：
show-receipt = 顯示收據
show-page-again = 重新整理頁面

# The payment is held until the shop takes it or sends it back.
accepted-title = 已授權
accepted-text = 款項已預留，但尚未扣款。店家將收取這筆款項或全額退還。在此之前，您的錢包可能會顯示付款處理中。

# Paid.
paid-title = 已付款
asked-for = 應付金額
paid-at = 付款時間
refunded-part = 已部分退款
refunded-whole = 已全額退款
onward = 返回 { $shop }
order = 訂單
paid-to = 收款方
payment-hash = 付款雜湊值
print = 列印或儲存收據
proof-title = 付款證明
proof-hint = 您的錢包保存了這筆付款的原像（preimage）。貼到這裡，即可確認它是否屬於這張帳單。
proof-preimage = 原像
proof-check = 比對
proof-matches = 相符：這個原像證明了這筆付款。
proof-differs = 不相符：這個原像屬於另一筆付款。
proof-not-hex = 原像由 64 個字元組成，只含 0 到 9 和 a 到 f。
proven-title = 付款已獲證明
proven-text = 原像正確：這張帳單已經付款。但店家的閃電節點沒有這筆付款的紀錄。請勿再次付款；請聯絡店家，並出示原像與付款雜湊值。

# Expired, or cancelled.
expired-title = 已過期
expired-text = 這張帳單已過期，請勿付款。
renew = 取得新帳單
renewed-text = 這筆訂單已有新帳單。
renewed-open = 前往新帳單
cancelled-text = 店家已取消這張帳單，請勿付款。
cancelled-held-text = 店家已取消這張帳單，沒有扣款。
expired-proof = 您先前已經付款了嗎？您的錢包可以證明。
closed-text = 這裡無法取得新帳單。若您仍要付款，請向店家索取新帳單。
cancelled-title = 已取消

# Errors: a heading, what it means and what to do next.
try-again = 立即重試
asks-again = 本頁會自動重試。
front-page = 回到首頁
request-id = 參考代碼
trouble-not-found = 請檢查網址，或從首頁開始。
    .title = 找不到這個頁面
trouble-invoice-not-found = 請確認您複製了完整的連結。
    .title = 找不到這張帳單
trouble-invoice-not-payable = 它已付款、已過期或已取消，請勿再付款。
    .title = 這張帳單已結束
trouble-invoice-not-renewable = 無法在這裡換成新帳單，請洽店家。
    .title = 這張帳單無法更新
trouble-method-not-allowed = 這個網址不接受這類請求。
    .title = 無法直接開啟這個頁面
trouble-unsupported-media-type = 請以 application/x-www-form-urlencoded 格式送出欄位。
    .title = 無法讀取送出的內容
trouble-bad-request = 請求中斷或格式不正確。
    .title = 無法讀取送出的內容
trouble-body-too-large = 請求超過 64 KiB。
    .title = 無法讀取送出的內容
trouble-request-timeout = 請求未能及時送達，請再送一次。
    .title = 花費的時間過長
trouble-rate-limited = 短時間內的請求過多。不會遺失任何東西，請稍候一分鐘再試。
    .title = 請求過多
trouble-too-many-unpaid = 等待付款的帳單過多，因此暫時不再開立新帳單。不會遺失任何東西，請幾分鐘後再試。
    .title = 未付款的帳單過多
trouble-overloaded = 目前訪客過多。不會遺失任何東西，請幾秒後再試。
    .title = 現在非常忙碌
trouble-cross-site = 此表單是從其他網站送出的。請在這裡開啟頁面，再從該頁送出。
    .title = 從其他網站送出
trouble-form-off = 此店家自行開立帳單，請向店家索取付款連結。
    .title = 這裡沒有表單
trouble-invalid =
    .title = 有些內容需要修改
trouble-node-unreachable = 無法連上閃電節點。如果您已付款，款項是安全的，稍後會顯示在這裡。請於幾秒後重試。
    .title = 閃電節點暫時無法使用
trouble-node-timeout = 閃電節點未及時回應。如果您已付款，款項是安全的，稍後會顯示在這裡。請於幾秒後重試。
    .title = 閃電節點暫時無法使用
trouble-node-busy = 閃電節點忙碌中，請於幾秒後重試。
    .title = 閃電節點暫時無法使用
trouble-node-refused = 閃電節點拒絕了請求。請重試，或聯絡店家。
    .title = 閃電節點暫時無法使用
trouble-node-malformed = 閃電節點的回應無法使用。請重試，或聯絡店家。
    .title = 閃電節點暫時無法使用
trouble-node-replaced = 這個閃電節點不是本店帳單所在的節點。請聯絡店家。
    .title = 閃電節點暫時無法使用
trouble-node-not-followed = 尚未收到閃電節點的更新。如果您已付款，款項是安全的，稍後會顯示在這裡。
    .title = 閃電節點暫時無法使用
trouble-store-failed = 店家目前無法保存紀錄。如果您已付款，款項是安全的。請重試，或聯絡店家。
    .title = 目前無法儲存
trouble-internal = 請重試。如果問題持續，請聯絡店家並提供下方的參考代碼。
    .title = 我們這邊發生錯誤

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = 一段短文字，最多 24 個字元。
reveal-text = 一段文字（{ $size }）。
reveal-file = 一個檔案：{ $name }（{ $size }）。
reveal-how = 您會收到一張帳單。付款後，其頁面會顯示您購買的內容。
reveal-word-warning = 這段文字是付款本身的一部分：轉發您付款的每個節點都能讀到它。
reveal-sold-out = 已售完。
reveal-buy = 購買
reveal-again = 再次購買
sold-title = 您購買的內容
sold-download = 下載
sold-sealed = 下載加密檔案
sold-sealed-hint = 您的錢包為這筆付款保存的收據（preimage）可以開啟加密檔案，即使沒有本店：facture reveal open 檔案 PREIMAGE
trouble-item-not-found = 請檢查網址。它可能已停止販售。
    .title = 未在販售
trouble-sold-out = 全部已售出或已被保留。沒有建立帳單，也沒有扣款。未付款的保留過一段時間會釋出。
    .title = 已售完
trouble-payment-required = 帳單付款後即可下載。
    .title = 尚未付款

# Offers: the page of a code that is paid again and again.
offer-title = 向這家店付款
offer-how = 請用支援要約（BOLT 12）的錢包掃描這個 QR 碼。它可以重複付款。
offer-note = 付款時，您的錢包可以給店家留言。
offer-text = 閃電網路要約
offer-copy = 複製要約
offer-print = 列印這個 QR 碼
offer-over-title = 已失效
offer-over-text = 這個 QR 碼已無法付款，請向店家索取新的。
payer-note = 給店家的留言
trouble-offer-not-found = 請確認您複製了完整的連結。
    .title = 找不到這項要約

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = 付款方式
way-lightning = Lightning
way-any = 任何錢包
way-any-hint = 適用於無法讀取另一個 QR 碼的錢包。
way-text = 付款連結
way-copy = 複製連結
