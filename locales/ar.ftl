# Every page: the frame around it.
sandbox-title = بيئة تجريبية.
sandbox-text = لا أموال حقيقية هنا: هذه الفواتير للتجربة فقط.
languages = اللغة
moment-utc = { $time } (UTC)
sat = ساتوشي

# The front page: a merchant asks for money.
form-title = فاتورة جديدة
form-check = يرجى المراجعة
form-amount = المبلغ بالساتوشي
form-amount-hint = من { $minimum } إلى { $maximum }. إذا تُرك فارغًا: { $default }.
form-amount-fixed = يطلب هذا المتجر { $amount } ساتوشي.
form-description = الوصف
form-description-hint = الغرض من الدفع، ويظهر في محفظة المشتري. إذا تُرك فارغًا: { $default }.
form-submit = إنشاء الفاتورة

# What is wrong with a field.
amount-too-small = أقل مبلغ هو { $minimum } ساتوشي.
amount-too-large = أكبر مبلغ هو { $maximum } ساتوشي.
amount-not-digits = يجب أن يكون المبلغ عددًا صحيحًا من الساتوشي، بالأرقام 0 إلى 9 فقط.
amount-fixed = المبلغ هو { $amount } ساتوشي ولا يمكن تغييره.
description-too-long = طول الوصف { $bytes ->
        [zero] { $bytes } بايت
        [one] بايت واحد
        [two] بايتان
        [few] { $bytes } بايتات
        [many] { $bytes } بايتًا
       *[other] { $bytes } بايت
    }، والحد الأقصى { $most }.
description-control = يجب ألا يحتوي الوصف على فواصل أسطر أو محارف تحكم أخرى.
description-not-text = الوصف ليس نص UTF-8 صالحًا.
field-repeated = أُرسل الحقل «{ $field }» أكثر من مرة.
field-unknown = لا يوجد حقل باسم «{ $field }»؛ الحقلان المتاحان هما «amount» و«description».

# To pay.
pay-title = بانتظار الدفع
any-amount = أي مبلغ
waiting = في انتظار الدفع
qr-code = رمز QR
open-wallet = فتح في المحفظة
choose-wallet = اختيار محفظة
pay-in-browser = الدفع بمحفظة المتصفح
invoice-text = فاتورة لايتنينغ
copy = نسخ الفاتورة
copied = تم النسخ
time-left = الوقت المتبقي
minutes-left = { $minutes ->
        [zero] لم يتبقَّ وقت للدفع
        [one] تبقت دقيقة واحدة للدفع
        [two] تبقت دقيقتان للدفع
        [few] تبقت { $minutes } دقائق للدفع
        [many] تبقت { $minutes } دقيقة للدفع
       *[other] تبقت { $minutes } دقيقة للدفع
    }
pay-until = آخر موعد للدفع
follows = تتابع هذه الصفحة الدفع تلقائيًا.
check-now = التحقق الآن
sandbox-pay = ادفع (تجريبي)
stale = يتعذر الاتصال بعقدة لايتنينغ حاليًا، ولن تضيع أي دفعة. هذه هي الحالة كما كانت في
close = إغلاق

# Paid.
paid-title = تم الدفع
asked-for = المبلغ المطلوب
paid-at = وقت الدفع
onward = المتابعة إلى المتجر
order = الطلب
paid-to = مدفوع إلى
payment-hash = بصمة الدفعة
print = طباعة الإيصال أو حفظه
proof-title = إثبات الدفع
proof-hint = تحتفظ محفظتك بالصورة الأصلية (preimage) لهذه الدفعة. الصقها هنا للتأكد من أنها تخص هذه الفاتورة.
proof-preimage = الصورة الأصلية
proof-check = مقارنة
proof-matches = متطابقة: هذه الصورة الأصلية تثبت الدفع.
proof-differs = غير متطابقة: هذه الصورة الأصلية تخص دفعة أخرى.
proof-not-hex = تتكون الصورة الأصلية من 64 محرفًا، من 0 إلى 9 ومن a إلى f.
proven-title = ثبت الدفع
proven-text = الصورة الأصلية صحيحة: دُفعت هذه الفاتورة. لكن عقدة Lightning الخاصة بالمتجر ليس لديها سجل لهذه الدفعة. يُرجى عدم الدفع مرة أخرى؛ تواصل مع المتجر وأظهر له الصورة الأصلية وبصمة الدفعة.

# Expired.
expired-title = منتهية الصلاحية
expired-text = انتهت مهلة دفع هذه الفاتورة. يرجى عدم دفعها بعد الآن.
renew = الحصول على فاتورة جديدة
renewed-text = توجد فاتورة جديدة لهذا الطلب.
renewed-open = الانتقال إلى الفاتورة الجديدة
cancelled-text = ألغى المتجر هذه الفاتورة.
expired-proof = هل دفعت من قبل؟ يمكن لمحفظتك إثبات ذلك.
closed-text = لا تُصدَر هنا فاتورة جديدة بدلاً منها. إذا كنت لا تزال ترغب في الدفع، فاطلب من المتجر فاتورة جديدة.

# Trouble: a heading, what it means and what to do next.
try-again = إعادة المحاولة الآن
asks-again = تعيد هذه الصفحة المحاولة تلقائيًا.
front-page = إلى الصفحة الرئيسية
request-id = رقم هذا الطلب
trouble-not-found = تحقق من العنوان، أو ابدأ من الصفحة الرئيسية.
    .title = هذه الصفحة غير موجودة
trouble-invoice-not-found = تحقق من الرابط: كل محرف فيه مهم.
    .title = هذه الفاتورة غير موجودة
trouble-invoice-not-payable = إنها مدفوعة أو منتهية الصلاحية، ولا يجوز دفعها بعد الآن.
    .title = هذه الفاتورة مغلقة
trouble-invoice-not-renewable = لا يمكن استبدالها هنا بفاتورة جديدة. يُرجى التواصل مع المتجر.
    .title = لا يمكن تجديد هذه الفاتورة
trouble-method-not-allowed = طريقة هذا الطلب غير مسموح بها هنا.
    .title = هذا العنوان يعمل بطريقة أخرى
trouble-unsupported-media-type = أرسل الحقول بصيغة application/x-www-form-urlencoded.
    .title = تعذرت قراءة ما أُرسل
trouble-bad-request = انقطع الطلب أو أن صيغته غير سليمة.
    .title = تعذرت قراءة ما أُرسل
trouble-body-too-large = يتجاوز الطلب 64 كيبيبايت.
    .title = تعذرت قراءة ما أُرسل
trouble-request-timeout = لم يصل الطلب في الوقت المحدد. يرجى إرساله مرة أخرى.
    .title = استغرق ذلك وقتًا طويلًا
trouble-rate-limited = وردت طلبات كثيرة جدًا في وقت قصير. لم يضع شيء: يرجى الانتظار دقيقة ثم إعادة المحاولة.
    .title = طلبات كثيرة جدًا
trouble-too-many-unpaid = توجد فواتير كثيرة بانتظار الدفع، لذلك لا تُنشأ هنا فواتير جديدة حاليًا. لم يضع شيء: يرجى المحاولة مرة أخرى بعد بضع دقائق.
    .title = فواتير غير مدفوعة كثيرة جدًا
trouble-overloaded = عدد الزوار هنا كبير جدًا الآن. لم يضع شيء: يرجى المحاولة مرة أخرى بعد بضع ثوانٍ.
    .title = ازدحام شديد هنا
trouble-cross-site = أُرسل هذا النموذج من موقع آخر. افتح الصفحة هنا وأرسله منها.
    .title = أُرسل من موقع آخر
trouble-form-off = يُنشئ هذا المتجر فواتيره بنفسه. يرجى أن تطلب منه رابطًا للدفع.
    .title = لا يوجد نموذج هنا
trouble-invalid =
    .title = هناك ما يجب تعديله
trouble-node-unreachable = يتعذر الوصول إلى عقدة لايتنينغ. ما دُفع من قبل في أمان وسيظهر. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-timeout = لم ترد عقدة لايتنينغ في الوقت المحدد. ما دُفع من قبل في أمان وسيظهر. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-busy = عقدة لايتنينغ مشغولة. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-refused = رفضت عقدة لايتنينغ الطلب. يرجى إعادة المحاولة أو إبلاغ المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-malformed = لم تقدم عقدة لايتنينغ إجابة صالحة. يرجى إعادة المحاولة أو إبلاغ المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-replaced = عقدة لايتنينغ هذه ليست العقدة التي توجد عليها فواتير هذا المتجر. يرجى إبلاغ المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-not-followed = لا تصل أخبار عقدة لايتنينغ بعد؛ والسبب مذكور في السجل.
    .title = عقدة لايتنينغ غير متاحة
trouble-store-failed = لا يستطيع المتجر حفظ سجلاته الآن. ما دُفع من قبل في أمان. يرجى إعادة المحاولة أو إبلاغ المتجر.
    .title = لا يمكن تسجيل أي شيء
trouble-internal = يرجى إعادة المحاولة. إذا استمر الأمر فأبلغ المتجر بالرقم المذكور أدناه.
    .title = حدث خطأ من جانبنا
