# Every page: the frame around it.
sandbox-title = 测试模式。
sandbox-text = 不涉及真实资金。
languages = 语言
moment-utc = { $time }（UTC）
sat = sat

# The front page: a merchant creates an invoice.
form-title = 新建账单
form-check = 请检查
form-amount = 金额（聪，satoshi）
form-amount-hint = { $minimum } 到 { $maximum } sat。留空则为 { $default }。
form-amount-fixed = 此商家收取 { $amount } sat。
form-description = 说明
form-description-hint = 付款用途，会显示在买家的钱包中。留空则为“{ $default }”。
form-submit = 创建账单

# Errors of a field.
amount-too-small = 金额最少为 { $minimum } sat。
amount-too-large = 金额最多为 { $maximum } sat。
amount-not-digits = 请输入整数金额（单位为聪），只能使用数字。
amount-fixed = 金额为 { $amount } sat，无法更改。
description-too-long = 说明长度为 { $bytes } 字节，最多 { $most } 字节。
description-control = 说明不能包含换行符或其他控制字符。
description-not-text = 说明不是有效的 UTF-8 文本。
field-repeated = 字段“{ $field }”重复提交。
field-unknown = 没有“{ $field }”这个字段；可用的字段是“amount”和“description”。

# Unpaid.
pay-title = 支付此账单
any-amount = 金额由您决定
waiting = 等待付款
qr-code = 二维码
open-wallet = 在钱包中打开
choose-wallet = 选择钱包
pay-in-browser = 使用浏览器钱包付款
invoice-text = 闪电网络账单
copy = 复制账单
copied = 已复制
time-left = 剩余时间
minutes-left = 付款时间还剩 { $minutes } 分钟
span-days = { $days }天
span-hours = { $hours }小时
span-minutes = { $minutes }分钟
span-both = { $larger }{ $smaller }
pay-until = 付款截止时间
follows = 本页面会自动更新。
check-now = 立即查看
sandbox-pay = 付款（测试）
stale = 目前无法连接闪电节点，但付款不会丢失。最后已知状态的时间：
close = 关闭
node-warns = 闪电节点警告，此账单可能无法支付：
show-receipt = 查看收据
show-page-again = 刷新页面

# The payment is held until the shop takes it or sends it back.
accepted-title = 已授权
accepted-text = 款项已预留，但尚未扣款。商家将收取该款项或全额退回。在此之前，您的钱包可能显示付款处理中。

# Paid.
paid-title = 已付款
asked-for = 应付金额
paid-at = 付款时间
refunded-part = 已部分退款
refunded-whole = 已全额退款
onward = 返回 { $shop }
order = 订单
paid-to = 收款方
payment-hash = 付款哈希
print = 打印或保存收据
proof-title = 付款证明
proof-hint = 您的钱包保存了这笔付款的原像（preimage）。粘贴到这里，即可确认它是否属于此账单。
proof-preimage = 原像
proof-check = 比对
proof-matches = 相符：此原像证明了这笔付款。
proof-differs = 不相符：此原像属于另一笔付款。
proof-not-hex = 原像由 64 个字符组成，只含 0 到 9 和 a 到 f。
proven-title = 付款已得到证明
proven-text = 原像正确：此账单已经付款。但商家的闪电节点没有这笔付款的记录。请勿再次付款；请联系商家，并出示原像和付款哈希。

# Expired, or cancelled.
expired-title = 已过期
expired-text = 此账单已过期，请勿付款。
renew = 获取新账单
renewed-text = 此订单已有新账单。
renewed-open = 前往新账单
cancelled-text = 商家已取消此账单，请勿付款。
cancelled-held-text = 商家已取消此账单，未产生任何扣款。
expired-proof = 您之前已经付款了吗？您的钱包可以证明。
closed-text = 这里无法获取新账单。如果您仍要付款，请向商家索取新账单。
cancelled-title = 已取消

# Errors: a heading, what it means and what to do next.
try-again = 立即重试
asks-again = 本页面会自动重试。
front-page = 返回首页
request-id = 参考代码
trouble-not-found = 请检查网址，或从首页开始。
    .title = 找不到此页面
trouble-invoice-not-found = 请确认您复制了完整的链接。
    .title = 找不到此账单
trouble-invoice-not-payable = 它已付款、已过期或已取消，请勿再次付款。
    .title = 此账单已关闭
trouble-invoice-not-renewable = 无法在这里换成新账单，请联系商家。
    .title = 此账单无法更新
trouble-method-not-allowed = 此网址不接受这类请求。
    .title = 无法直接打开此页面
trouble-unsupported-media-type = 请以 application/x-www-form-urlencoded 格式提交字段。
    .title = 无法读取提交的内容
trouble-bad-request = 请求中断或格式不正确。
    .title = 无法读取提交的内容
trouble-body-too-large = 请求超过 64 KiB。
    .title = 无法读取提交的内容
trouble-request-timeout = 请求未能及时送达，请重新提交。
    .title = 用时过长
trouble-rate-limited = 短时间内请求过多。没有任何内容丢失，请稍候一分钟再试。
    .title = 请求过多
trouble-too-many-unpaid = 等待付款的账单过多，因此暂时不再创建新账单。没有任何内容丢失，请几分钟后再试。
    .title = 未付款的账单过多
trouble-overloaded = 目前访客过多。没有任何内容丢失，请几秒后再试。
    .title = 现在非常繁忙
trouble-cross-site = 此表单是从其他网站提交的。请在这里打开页面，再从该页面提交。
    .title = 从其他网站提交
trouble-form-off = 此商家自行创建账单，请向商家索取付款链接。
    .title = 这里没有表单
trouble-invalid =
    .title = 有些内容需要修改
trouble-node-unreachable = 无法连接闪电节点。如果您已付款，款项是安全的，稍后会显示在这里。请几秒后重试。
    .title = 闪电节点暂时不可用
trouble-node-timeout = 闪电节点未及时响应。如果您已付款，款项是安全的，稍后会显示在这里。请几秒后重试。
    .title = 闪电节点暂时不可用
trouble-node-busy = 闪电节点繁忙，请几秒后重试。
    .title = 闪电节点暂时不可用
trouble-node-refused = 闪电节点拒绝了请求。请重试，或联系商家。
    .title = 闪电节点暂时不可用
trouble-node-malformed = 闪电节点的响应无法使用。请重试，或联系商家。
    .title = 闪电节点暂时不可用
trouble-node-replaced = 此闪电节点不是本店账单所在的节点。请联系商家。
    .title = 闪电节点暂时不可用
trouble-node-not-followed = 尚未收到闪电节点的更新。如果您已付款，款项是安全的，稍后会显示在这里。
    .title = 闪电节点暂时不可用
trouble-store-failed = 商家目前无法保存记录。如果您已付款，款项是安全的。请重试，或联系商家。
    .title = 目前无法保存
trouble-internal = 请重试。如果问题仍然存在，请联系商家并提供下方的参考代码。
    .title = 我们这边发生错误

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = 一段短文本，最多 24 个字符。
reveal-text = 一段文本（{ $size }）。
reveal-file = 一个文件：{ $name }（{ $size }）。
reveal-how = 您会得到一张账单。付款后，其页面会显示您购买的内容。
reveal-word-warning = 该文本是付款本身的一部分：转发您付款的每个节点都能读到它。
reveal-sold-out = 已售完。
reveal-buy = 购买
reveal-again = 再次购买
sold-title = 您购买的内容
sold-download = 下载
sold-sealed = 下载加密文件
sold-sealed-hint = 您的钱包为这笔付款保存的收据（preimage）可以打开加密文件，即使没有本店：facture reveal open 文件 PREIMAGE
trouble-item-not-found = 请检查网址。它可能已停止销售。
    .title = 未在销售
trouble-sold-out = 全部已售出或被预留。没有创建账单，也没有扣款。未付款的预留过一段时间会释放。
    .title = 已售完
trouble-payment-required = 账单付款后即可下载。
    .title = 尚未付款

# Offers: the page of a code that is paid again and again.
offer-title = 向此商家付款
offer-how = 请用支持要约（BOLT 12）的钱包扫描此二维码。它可以多次付款。
offer-note = 付款时，您的钱包可以给商家附言。
offer-text = 闪电网络要约
offer-copy = 复制要约
offer-print = 打印此二维码
offer-over-title = 已失效
offer-over-text = 此二维码已无法付款，请向商家索取新的。
payer-note = 给商家的附言
trouble-offer-not-found = 请确认您复制了完整的链接。
    .title = 找不到此要约

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = 付款方式
way-lightning = Lightning
way-any = 任意钱包
way-any-hint = 适用于无法识别另一个二维码的钱包。
way-text = 付款链接
way-copy = 复制链接
