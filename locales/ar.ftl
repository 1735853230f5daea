# Every page: the frame around it.
sandbox-title = وضع الاختبار.
sandbox-text = لا أموال حقيقية هنا.
languages = اللغة
moment-utc = { $time } (UTC)
sat = ساتوشي

# The front page: a merchant creates an invoice.
form-title = فاتورة جديدة
form-check = يرجى المراجعة
form-amount = المبلغ بالساتوشي
form-amount-hint = من { $minimum } إلى { $maximum } ساتوشي. القيمة الافتراضية: { $default }.
form-amount-plain = المبلغ
form-currency = العملة
form-amount-hint-currencies = من { $minimum } إلى { $maximum } ساتوشي، أو ما يعادل ذلك بعملة أخرى.
form-amount-fixed = يطلب هذا المتجر { $amount } ساتوشي.
form-description = الوصف
form-description-hint = الغرض من الدفع، ويظهر في محفظة المشتري. القيمة الافتراضية: «{ $default }».
form-submit = إنشاء الفاتورة

# Errors of a field.
amount-too-small = أقل مبلغ هو { $minimum } ساتوشي.
amount-too-large = أكبر مبلغ هو { $maximum } ساتوشي.
amount-not-digits = أدخل المبلغ عددًا صحيحًا بالساتوشي، بالأرقام 0 إلى 9 فقط.
amount-missing = يرجى إدخال المبلغ.
amount-not-money = يرجى إدخال المبلغ بعملة { $currency } كرقم، مثل { $example }.
currency-not-offered = هذه العملة غير متاحة هنا. يرجى اختيار عملة أخرى.
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

# Unpaid.
pay-title = دفع هذه الفاتورة
any-amount = المبلغ حسب اختيارك
rate-of = سعر الصرف بتاريخ
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
span-days = { $days ->
        [zero] { $days } يوم
        [one] يوم
        [two] يومان
        [few] { $days } أيام
        [many] { $days } يومًا
       *[other] { $days } يوم
    }
span-hours = { $hours ->
        [zero] { $hours } ساعة
        [one] ساعة
        [two] ساعتان
        [few] { $hours } ساعات
        [many] { $hours } ساعة
       *[other] { $hours } ساعة
    }
span-minutes = { $minutes ->
        [zero] { $minutes } دقيقة
        [one] دقيقة
        [two] دقيقتان
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }
span-both = { $larger } و{ $smaller }
pay-until = آخر موعد للدفع
follows = تُحدَّث هذه الصفحة تلقائيًا.
check-now = التحقق الآن
sandbox-pay = ادفع (اختبار)
stale = يتعذر الاتصال بعقدة لايتنينغ حاليًا، ولن تضيع أي دفعة. آخر حالة معروفة، في
close = إغلاق
node-warns = تحذر عقدة لايتنينغ من أن دفع هذه الفاتورة قد لا يكون ممكنًا:
show-receipt = عرض الإيصال
show-page-again = تحديث الصفحة

# The payment is held until the shop takes it or sends it back.
accepted-title = تم التفويض
accepted-text = تم حجز المبلغ ولم يُخصم بعد. سيقبضه المتجر أو يعيده بالكامل. حتى ذلك الحين قد تعرض محفظتك الدفعة على أنها معلّقة.

# Paid.
paid-title = تم الدفع
asked-for = المبلغ المطلوب
paid-at = وقت الدفع
receipt-number = رقم الإيصال
rate-source = مصدر السعر
tax-rate = نسبة الضريبة
tax-net = الصافي
tax = الضريبة
receipt-tip = منه إكرامية
receipt-discount = الخصم
receipt-tax-id = الرقم الضريبي
refunded-part = تم رد جزء من المبلغ
refunded-whole = تم رد المبلغ كاملاً
onward = العودة إلى { $shop }
order = الطلب
paid-to = مدفوع إلى
payment-hash = بصمة الدفعة
print = طباعة الإيصال أو حفظه
proof-title = إثبات الدفع
proof-hint = تحتفظ محفظتك بالمفتاح السري لهذه الدفعة (preimage). الصقه هنا للتأكد من أنه يخص هذه الفاتورة.
proof-preimage = المفتاح السري للدفعة (preimage)
proof-check = مقارنة
proof-matches = متطابق: هذا المفتاح السري يثبت الدفع.
proof-differs = غير متطابق: هذا المفتاح السري يخص دفعة أخرى.
proof-not-hex = يتكون المفتاح السري من 64 محرفًا، من 0 إلى 9 ومن a إلى f.
proven-title = ثبت الدفع
proven-text = المفتاح السري صحيح: دُفعت هذه الفاتورة. لكن عقدة لايتنينغ الخاصة بالمتجر ليس لديها سجل لهذه الدفعة. يرجى عدم الدفع مرة أخرى؛ تواصل مع المتجر وأظهر له المفتاح السري وبصمة الدفعة.

# Expired, or cancelled.
expired-title = منتهية الصلاحية
expired-text = انتهت صلاحية هذه الفاتورة. يرجى عدم دفعها.
renew = الحصول على فاتورة جديدة
renewed-text = توجد فاتورة جديدة لهذا الطلب.
renewed-open = الانتقال إلى الفاتورة الجديدة
cancelled-text = ألغى المتجر هذه الفاتورة. يرجى عدم دفعها.
cancelled-held-text = ألغى المتجر هذه الفاتورة. لم يُخصم أي مبلغ.
expired-proof = هل دفعت من قبل؟ يمكن لمحفظتك إثبات ذلك.
closed-text = لا تُصدَر هنا فاتورة جديدة بدلاً منها. إذا كنت لا تزال ترغب في الدفع، فاطلب من المتجر فاتورة جديدة.
cancelled-title = ملغاة

# Errors: a heading, what it means and what to do next.
try-again = إعادة المحاولة الآن
asks-again = تعيد هذه الصفحة المحاولة تلقائيًا.
front-page = الذهاب إلى الصفحة الرئيسية
request-id = المرجع
trouble-not-found = تحقق من العنوان، أو ابدأ من الصفحة الرئيسية.
    .title = الصفحة غير موجودة
trouble-invoice-not-found = تأكد من أنك نسخت الرابط كاملًا.
    .title = الفاتورة غير موجودة
trouble-invoice-not-payable = إنها مدفوعة أو منتهية الصلاحية أو ملغاة. يرجى عدم دفعها مرة أخرى.
    .title = هذه الفاتورة مغلقة
trouble-invoice-not-renewable = لا يمكن استبدالها هنا بفاتورة جديدة. يرجى التواصل مع المتجر.
    .title = لا يمكن تجديد هذه الفاتورة
trouble-method-not-allowed = لا يقبل هذا العنوان هذا النوع من الطلبات.
    .title = لا يمكن فتح هذه الصفحة مباشرة
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
trouble-too-many-unpaid = توجد فواتير كثيرة جدًا بانتظار الدفع، لذلك لا تُنشأ فواتير جديدة حاليًا. لم يضع شيء: يرجى المحاولة مرة أخرى بعد بضع دقائق.
    .title = فواتير غير مدفوعة كثيرة جدًا
trouble-overloaded = عدد الزوار هنا كبير جدًا الآن. لم يضع شيء: يرجى المحاولة مرة أخرى بعد بضع ثوانٍ.
    .title = ازدحام شديد هنا
trouble-cross-site = أُرسل هذا النموذج من موقع آخر. افتح الصفحة هنا وأرسله منها.
    .title = أُرسل من موقع آخر
trouble-form-off = يُنشئ هذا المتجر فواتيره بنفسه. يرجى أن تطلب منه رابطًا للدفع.
    .title = لا يوجد نموذج هنا
trouble-invalid =
    .title = هناك ما يجب تعديله
trouble-no-rate = لا يوجد حاليًا سعر صرف موثوق، لذلك لم تُنشأ أي فاتورة. يرجى إعادة المحاولة بعد دقيقة.
    .title = لا يوجد سعر صرف حاليًا
trouble-node-unreachable = يتعذر الوصول إلى عقدة لايتنينغ. إذا كنت قد دفعت، فدفعتك في أمان وستظهر هنا. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-timeout = لم ترد عقدة لايتنينغ في الوقت المحدد. إذا كنت قد دفعت، فدفعتك في أمان وستظهر هنا. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-busy = عقدة لايتنينغ مشغولة. يرجى إعادة المحاولة بعد بضع ثوانٍ.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-refused = رفضت عقدة لايتنينغ الطلب. يرجى إعادة المحاولة أو التواصل مع المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-malformed = لم تقدم عقدة لايتنينغ إجابة صالحة. يرجى إعادة المحاولة أو التواصل مع المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-replaced = عقدة لايتنينغ هذه ليست العقدة التي توجد عليها فواتير هذا المتجر. يرجى التواصل مع المتجر.
    .title = عقدة لايتنينغ غير متاحة
trouble-node-not-followed = لا تصل التحديثات من عقدة لايتنينغ بعد. إذا كنت قد دفعت، فدفعتك في أمان وستظهر هنا.
    .title = عقدة لايتنينغ غير متاحة
trouble-store-failed = لا يستطيع المتجر حفظ سجلاته الآن. إذا كنت قد دفعت، فدفعتك في أمان. يرجى إعادة المحاولة أو التواصل مع المتجر.
    .title = يتعذر الحفظ حاليًا
trouble-internal = يرجى إعادة المحاولة. إذا استمرت المشكلة فتواصل مع المتجر واذكر المرجع أدناه.
    .title = حدث خطأ من جانبنا

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = نص قصير لا يزيد على 24 حرفًا.
reveal-text = نص ({ $size }).
reveal-file = ملف: { $name } ({ $size }).
reveal-how = ستحصل على فاتورة. فور دفعها تعرض صفحتها ما اشتريته.
reveal-wallet-how = امسح الرمز بمحفظة لايتنينغ أو افتحه في محفظة على هذا الجهاز. يمكن استخدام الرمز مرة أخرى.
reveal-word-warning = النص جزء من الدفعة نفسها: كل عقدة تمرر دفعتك تستطيع قراءته.
reveal-sold-out = نفدت الكمية.
reveal-buy = شراء
reveal-again = الشراء مجددًا
sold-title = ما اشتريته
sold-download = تنزيل
sold-sealed = تنزيل الملف المشفر
sold-sealed-hint = إيصال محفظتك عن هذه الدفعة، أي المفتاح السري (preimage)، يفتح الملف المشفر حتى من دون هذا المتجر: facture reveal open FILE PREIMAGE
trouble-item-not-found = تحقق من العنوان. ربما لم يعد معروضًا للبيع.
    .title = غير معروض للبيع
trouble-sold-out = بيعت كل الكمية أو حُجزت. لم تُنشأ أي فاتورة ولم يُخصم شيء. الحجز الذي لا يُدفع يُلغى بعد مدة.
    .title = نفدت الكمية
trouble-link-closed = لم يعد بالإمكان طلب أي شيء هنا، أو ليس بهذه الكمية. لم تُنشأ أي فاتورة.
    .title = لم يعد متاحًا
trouble-payment-required = يمكنك تنزيله فور دفع الفاتورة.
    .title = لم تُدفع بعد

# Offers: the page of a code that is paid again and again.
offer-title = الدفع لهذا المتجر
offer-how = امسح هذا الرمز بمحفظة تدعم دفع العروض (BOLT 12). يمكن دفعه مرارًا.
offer-note = يمكن لمحفظتك إرسال ملاحظة إلى المتجر مع الدفعة.
offer-text = عرض لايتنينغ
offer-copy = نسخ العرض
offer-print = طباعة هذا الرمز
offer-over-title = لم يعد صالحًا
offer-over-text = لم يعد بالإمكان دفع هذا الرمز. اطلب من المتجر رمزًا جديدًا.
payer-note = ملاحظة للمتجر
trouble-offer-not-found = تأكد من أنك نسخت الرابط كاملًا.
    .title = العرض غير موجود

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = طريقة الدفع
way-lightning = لايتنينغ
way-any = أي محفظة
way-any-hint = للمحافظ التي لا تقرأ الرمز الآخر.
way-text = رابط الدفع
way-copy = نسخ الرابط

# The merchant’s desk: signing in, accounts, users.
desk-skip = انتقل إلى المحتوى
desk-sections = الأقسام
desk-sign-in = تسجيل الدخول
desk-sign-out = تسجيل الخروج
desk-sign-in-refused = اسم المستخدم أو كلمة المرور أو الرمز غير صحيح.
desk-demo = ادخل بصفة مالك تجريبي
desk-demo-text = لا تحتاج إلى كلمة مرور في بيئة التجربة.
desk-user-name = اسم المستخدم
desk-password = كلمة المرور
desk-code = الرمز من تطبيق المصادقة
desk-code-hint = اتركه فارغًا إن لم تُعدّ تطبيقًا. يمكن استخدام رمز استرداد أيضًا.
desk-code-wrong = الرمز غير صحيح أو قديم. أدخل الرمز الذي يعرضه التطبيق الآن.
desk-welcome = اختر كلمة المرور
desk-welcome-text = تمت إضافتك إلى لوحة هذا المتجر. بعد تعيين كلمة المرور لن يعمل هذا الرابط.
desk-password-new = كلمة المرور الجديدة
desk-password-hint = 10 أحرف على الأقل.
desk-password-again = أعد كتابة كلمة المرور الجديدة
desk-password-present = كلمة المرور الحالية
desk-password-set = تعيين كلمة المرور
desk-password-change = تغيير كلمة المرور
desk-password-differs = كلمتا المرور غير متطابقتين.
desk-password-short = كلمة المرور قصيرة جدًا: 10 أحرف على الأقل.
desk-password-long = كلمة المرور طويلة جدًا: 200 بايت كحد أقصى.
desk-password-name = يجب ألا تكون كلمة المرور هي اسم المستخدم.
desk-password-wrong = هذه ليست كلمة المرور الحالية.
desk-account = حسابي
desk-role = الدور
desk-role-owner = المالك
desk-role-manager = المدير
desk-role-cashier = أمين الصندوق
desk-role-accountant = المحاسب
desk-second-factor = تطبيق المصادقة
desk-second-factor-text = مع تطبيق المصادقة لا يمكن لأحد الدخول بكلمة مرورك وحدها.
desk-second-factor-scan = امسح هذا الرمز بالتطبيق أو اكتب فيه النص أدناه، ثم أدخل الرمز الذي يعرضه التطبيق.
desk-second-factor-on = تفعيل
desk-second-factor-off = إيقاف
desk-second-factor-is-on = تطبيق المصادقة: مفعّل
desk-second-factor-is-off = تطبيق المصادقة: غير مفعّل
desk-recovery = رموز الاسترداد
desk-recovery-text = احفظ هذه الرموز في مكان آمن: لن تُعرض مرة أخرى. كل رمز يُستخدم مرة واحدة بدل التطبيق إذا فقدت هاتفك.
desk-recovery-kept = لقد حفظتها
desk-recovery-left = رموز الاسترداد المتبقية: { $left }
desk-sessions = الجلسات
desk-session-own = هذا المتصفح
desk-session-began = وقت الدخول
desk-session-seen = آخر استخدام
desk-session-end = إنهاء هذه الجلسة
desk-users = المستخدمون
desk-user-add = إضافة مستخدم
desk-user-change = تعديل
desk-user-role-set = تغيير الدور
desk-user-reset = إعادة تعيين كلمة المرور
desk-user-remove = إزالة
desk-user-waiting = لم يستخدم رابط المرة الواحدة بعد
desk-user-invited = أعطِ رابط المرة الواحدة هذا إلى { $name }. يعمل ثلاثة أيام ولن يُعرض مرة أخرى.
desk-user-name-hint = من 1 إلى 40 حرفًا: a إلى z و0 إلى 9 و . _ - @
desk-user-name-invalid = يتكون اسم المستخدم من 1 إلى 40 حرفًا: a إلى z و0 إلى 9 و . _ - @
desk-user-name-taken = يوجد مستخدم بهذا الاسم.
desk-user-not-found = لم يعد هذا المستخدم موجودًا.
desk-user-last-owner = هذا هو المالك الوحيد القادر على الدخول. عيّن مالكًا آخر أولًا.
desk-user-own = غيّر كلمة مرورك من «حسابي».
desk-roles-text = للمالكين كل الصلاحيات. يدير المديرون المتجر: يلغون الفواتير ويستلمون الدفعات المحجوزة ويطلبون الاستردادات. يرى أمناء الصندوق مبيعات آخر 24 ساعة. يرى المحاسبون كل المبيعات ولا يغيّرون شيئًا. لا يمكن لأحد إنفاق المال هنا.
desk-audit = سجل التدقيق
desk-audit-text = من فعل ماذا في اللوحة، الأحدث أولًا. لا يمكن تغيير شيء هنا.
desk-when = متى
desk-who = من
desk-what = ماذا
desk-subject = الموضوع
desk-address = العنوان
desk-older = إدخالات أقدم
trouble-right-missing = دورك لا يسمح بذلك. اسأل أحد مالكي المتجر.
    .title = غير مسموح
trouble-link-used = استُخدم أو حلّ محله رابط أحدث أو أصبح قديمًا. اطلب رابطًا جديدًا من أحد مالكي المتجر.
    .title = لم يعد هذا الرابط يعمل

# The desk: payments, and one sale.
desk-payments = المدفوعات
desk-search-for = البحث عن
desk-search-hint = رقم الطلب أو نص أو بصمة الدفعة أو الفاتورة أو المعرّف. المبلغ بوحدة sat، أو بعملته مثل 12.50 EUR، يجد ما يزيد أو ينقص حتى 1 %.
desk-search = ابحث
desk-search-clear = عرض الكل
desk-state = الحالة
desk-all = الكل
desk-channel = قناة البيع
desk-from = أُنشئ من
desk-to = أُنشئ حتى
desk-sees-a-day = يعرض دورك مبيعات آخر 24 ساعة.
desk-search-too-long = هذا النص أطول من أن يُبحث عنه.
desk-search-instead = أو ابحث عن:
desk-found-none = لم يُعثر على شيء.
desk-found-order = الطلب «{ $text }»
desk-found-hash = الدفعة بهذه البصمة
desk-found-amount = مبالغ من { $from } إلى { $to } sat
desk-totals-part = هذه مجاميع أحدث المبيعات فقط: المبيعات الأقدم في هذه القائمة ليست ضمنها.
desk-found-worth = مدفوعات بقيمة { $from } إلى { $to }
desk-found-text = مبيعات فيها النص «{ $text }»
desk-search-stopped = توقف البحث عند { $time } حتى لا يطول. لم تُفحص المبيعات الأقدم.
desk-search-on = ابحث أبعد في الماضي
desk-open = مفتوح
desk-channel-form = نموذج
desk-channel-reveal = سلع رقمية
desk-channel-address = عنوان لايتنينغ
desk-channel-paywall = جدار الدفع
desk-sale = عملية بيع
desk-received = المستلَم
desk-over = زيادة على المطلوب
desk-price = السعر
desk-created = أُنشئت
desk-renewal-of = بدلًا من
desk-label = المعرّف
desk-metadata = بيانات المتجر
desk-buyer-page = فتح صفحة المشتري
desk-capture = استلام الدفعة
desk-capture-by-api = الصورة الأولية لهذه الدفعة لدى المتجر: استلمها عبر API.
desk-send-back = إعادتها
desk-cancel-invoice = إلغاء الفاتورة
desk-refunds = الاستردادات
desk-refunded = المُسترد
desk-refund-pending = قيد التنفيذ
desk-refundable = يمكن استرداده
desk-refund-order = طلب استرداد
desk-refund-text = يُسجَّل هنا أمر فقط. يدفعه برنامج مستقل ضمن حدوده. لا يمكن الدفع من هنا.
desk-refund-to = فاتورة المشتري أو عرضه أو عنوان لايتنينغ الخاص به
desk-refund-reason = السبب
desk-refund-destination = لا يمكن الدفع إلى هذا. أدخل فاتورة صالحة ليست لهذا المتجر، أو عرضًا، أو عنوان لايتنينغ.
desk-refund-reason-long = السبب طويل جدًا: 500 بايت على الأكثر في سطر واحد.
desk-refund-ordered = سبق أن طُلبت دفعة لهذه الفاتورة أو بهذا النموذج.
desk-refund-too-many = عدد الدفعات المنتظرة كبير جدًا. حاول لاحقًا.
desk-waits-payer = بانتظار برنامج الدفع: لا يعمل أي منها.
desk-waits-approval = بانتظار الموافقة.
desk-note = ملاحظتنا
desk-note-none = لا توجد ملاحظة.
desk-note-hint = لا يراها المشترون. أفرغها لحذفها.
desk-note-save = حفظ الملاحظة
desk-note-invalid = الملاحظة { $most } بايت على الأكثر وبلا محارف تحكم.
desk-timeline = ما حدث
desk-deliveries = أُرسل إلى webhooks
desk-deliveries-none = لم يُرسل شيء عن هذه العملية.
desk-attempts = { $count ->
        [zero] بلا محاولات ({ $count })
        [one] محاولة واحدة ({ $count })
        [two] محاولتان ({ $count })
        [few] { $count } محاولات
        [many] { $count } محاولة
       *[other] { $count } محاولة
    }
desk-delivery-next = المحاولة التالية
desk-redeliver = إرسال مجددًا
desk-hold-expiring = يجب البتّ قريبًا في الدفعة المحجوزة
desk-delivery-pending = بالانتظار
desk-delivery-delivered = سُلّم
desk-delivery-dropped = أُسقط
desk-failed = فشل
desk-payout-ordered = مطلوب
desk-payout-approved = موافَق عليه
desk-payout-paying = قيد الدفع
desk-payout-unknown = النتيجة غير معروفة بعد

# The desk’s first page: today.
desk-today = اليوم
desk-nobody-can-pay = لا يستطيع أحد الدفع: ليس لدى العقدة متسع للاستلام. تحتاج إلى قنوات ذات سيولة واردة.
desk-sales = المبيعات
desk-open-invoices = الفواتير المفتوحة
desk-expired-today = أُنشئت اليوم ولم تُدفع
desk-receivable = يمكن استلامه
desk-not-known = غير معروف
desk-node = عقدة لايتنينغ
desk-node-well = متصلة
desk-node-syncing = تلحق بالسلسلة
desk-node-away = غير متاحة
desk-webhooks = إشعارات البرامج
desk-webhooks-well = لا إخفاقات
desk-webhooks-failing = لا تصل إلى:
desk-webhooks-off = متوقفة:
desk-by-hour = المستلَم حسب الساعة والقناة
desk-chart-text = عمود لكل ساعة من اليوم. الأرقام في الجدول أدناه.
desk-as-table = كجدول
desk-hour = الساعة
desk-latest = أحدث المدفوعات
desk-updated = حُدّثت الصفحة.

# Closing of a day, desk/closing.html.
desk-closing = الإقفال
desk-closing-text = مجموع هذه المدة. لا يُجمع إلا ما هو محفوظ؛ وما لا يُعرف يُعدّ ولا يُقدَّر.
desk-show = عرض
desk-day-before = اليوم السابق
desk-day-after = اليوم التالي
desk-fees = الرسوم المدفوعة
desk-without-worth = مبيعات لا تُعرف قيمتها
desk-tips = الإكراميات، ضمن الأسعار
desk-discounts = الخصومات الممنوحة
desk-by-channel = حسب القناة
desk-by-tax = حسب نسبة الضريبة
desk-currency = العملة
desk-gross = الإجمالي
desk-without-tax = مبيعات بلا بنود ضريبية
desk-receipts = أرقام الإيصالات
desk-receipt-first = الأول
desk-receipt-last = الأخير

# The desk’s exports.
desk-exports = التصدير
desk-exports-text = ما استُلم وما أُعيد خلال مدة، سطر لكل منها. لا يحوي الملف إلا المحفوظ؛ قيم الميلي ساتوشي دقيقة.
desk-paid-from = مدفوع من
desk-paid-to = مدفوع حتى
desk-separator = صيغة ملف CSV
desk-separator-comma = فواصل بين الخلايا ونقاط عشرية
desk-separator-semicolon = فواصل منقوطة بين الخلايا وفواصل عشرية
desk-exports-zone = تبدأ الأيام في المنطقة الزمنية { $zone }.

# What a payment was worth.
desk-worth = القيمة عند الدفع
desk-rate = السعر
desk-filled-in = أُضيف لاحقًا:

# The desk’s API tokens.
desk-tokens = رموز API
desk-tokens-text = بالرمز يستخدم برنامج المتجر API. رموز الدفعات الصادرة تُنشأ من سطر الأوامر فقط.
desk-token-made = هذا هو الرمز. لن يُعرض مجددًا.
desk-token-revoked = ملغى
desk-token-revoke = إلغاء الرمز
desk-token-make = إنشاء رمز
desk-token-name = الغرض منه
desk-token-name-invalid = اذكر الغرض منه في سطر واحد من 100 بايت على الأكثر.
desk-token-scopes = ما يُسمح به
desk-token-scopes-missing = اختر واحدًا على الأقل.

# What is sold by pay to reveal, at the desk.
desk-items = ما يُباع
desk-items-text = لكل سلعة صفحتها. من يدفع هناك يحصل فورًا على ما يُباع. ولا يُعرض هنا مجددًا.
desk-item-none = لا يُباع شيء بعد.
desk-item-sold = المبيع
desk-item-left = المتبقي
desk-item-configured = من ملف الإعدادات، ويُغيَّر هناك.
desk-item-new = بيع شيء جديد
desk-item-change = تغيير
desk-item-stop = إيقاف البيع
desk-item-offer = بيع
desk-item-id = الاسم في العنوان
desk-item-id-hint = أحرف صغيرة a–z وأرقام وشرطات وشرطات سفلية، 64 على الأكثر.
desk-item-id-invalid = يتكون الاسم من 1 إلى 64 من الأحرف الصغيرة a–z والأرقام والشرطات والشرطات السفلية.
desk-item-id-taken = توجد سلعة بهذا الاسم. غيّرها أو اختر اسمًا آخر.
desk-item-configured-text = في ملف الإعدادات سلعة بهذا الاسم.
desk-item-too-many = لا يمكن عرض سلع أكثر.
desk-item-title = العنوان
desk-item-title-invalid = أدخل عنوانًا في سطر واحد من 639 بايت على الأكثر.
desk-item-price = السعر بالساتوشي
desk-item-price-invalid = أدخل عددًا صحيحًا من الساتوشي، 1 على الأقل.
desk-item-kind = ما يحصل عليه المشتري
desk-item-kind-text = نص
desk-item-kind-word = كلمة من 24 بايت على الأكثر، وهي جزء من الدفعة: كل عقدة تمرر الدفعة تعرفها
desk-item-text = النص
desk-item-text-hint = لا يراه إلا المشترون.
desk-item-text-again = أدخله مجددًا: ما يُباع لا يُعرض. ويحتفظ المشترون السابقون بما اشتروه.
desk-item-text-missing = أدخل النص الذي يُباع.
desk-item-word-invalid = الكلمة من 1 إلى 24 بايت ولا تنتهي بمسافة.
desk-item-no-words = هذه العقدة لا تستطيع بيع الكلمات.
desk-item-stock = كم يُباع في المجموع
desk-item-stock-hint = فارغ: أي عدد.
desk-item-stock-invalid = أدخل عددًا حتى 1,000,000,000 أو اتركه فارغًا.

# Giving a key to the plug-in of a web shop.
pair = ربط متجر إلكتروني
pair-text = يطلب البرنامج على هذا العنوان مفتاحًا لهذا الخادم. لا توافق إلا إذا كان متجرك وكنت قد بدأت من هناك.
pair-application = يسمّي نفسه
pair-permissions = بهذا المفتاح يستطيع
pair-view-invoices = رؤية فواتير المتجر
pair-create-invoice = إنشاء فواتير
pair-modify-invoices = تغيير بيانات الفواتير وإبطالها
pair-view-settings = رؤية إعدادات المتجر
pair-modify-settings = كل ما سبق ما عدا ردّ الأموال
pair-webhooks = تلقّي إشعارات الدفع (webhooks)
pair-refunds = طلب ردّ أموال الطلبات المدفوعة، ويدفعها برنامج الدفع لديك ضمن حدوده
pair-left-out = غير متاح هنا وتم استبعاده:
pair-shop = المتجر
pair-shop-hint = لا يرى المفتاح إلا ما يخص هذا الاسم. من 1 إلى 64 حرفًا (a–z) وأرقامًا وواصلات وشرطات سفلية.
pair-shop-invalid = اسم المتجر من 1 إلى 64 حرفًا (a–z) وأرقامًا وواصلات وشرطات سفلية.
pair-agree = إعطاء المفتاح إلى { $host }
pair-made = تم إنشاء المفتاح. خذه إلى المتجر: لن يُعرض مرة أخرى.
pair-continue = المتابعة إلى { $host }
pair-target-invalid = عنوان المتجر ناقص أو لا تُرسل إليه مفاتيح. يجب أن يبدأ بـ https://، أو بـ http:// داخل شبكتك الخاصة.
pair-permission-unknown = يصرّ البرنامج على صلاحية غير موجودة هنا: { $permission }
pair-permission-none = لا يطلب البرنامج أي صلاحية موجودة هنا.
pair-used = استُخدم هذا النموذج من قبل. ابدأ من جديد في المتجر.
pair-off = تحتاج هذه الصفحة إلى لوحة التاجر، وهي متوقفة على هذا الخادم (desk.enabled).
pair-elsewhere = للوحة التاجر عنوان خاص بها. افتح هذه الصفحة هناك: المسار نفسه مع كل ما يليه.
pair-by-command = من دون اللوحة، أنشئ مفتاحًا على الخادم وأدخله في إعدادات الإضافة:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = دفعة لك
voucher-refund = المبلغ المُعاد إليك
voucher-how = امسح الرمز بمحفظة لايتنينغ أو افتحه في محفظة على هذا الجهاز. تطلب المحفظة هذا المبلغ بالضبط.
voucher-note = من يملك هذه الصفحة يستطيع استلامه مرة واحدة.
voucher-until = يمكن استلامه حتى
voucher-claimed = استلمته محفظة. أعد تحميل الصفحة لترى هل دُفع.
voucher-paid = تم الدفع.
voucher-over = لم يعد استلامه ممكنًا. يُرجى سؤال المتجر.

# Payment links: the pages where buyers order.
link-range = من { $least } إلى { $most }.
link-pieces = الكمية
link-pieces-wrong = أدخل عددًا من 1 إلى { $most }.
link-name = الاسم
link-mail = البريد الإلكتروني
link-note = ملاحظة للمتجر
link-optional = اختياري
link-field-missing = يرجى ملء هذا الحقل.
link-field-long = { $most } حرفًا على الأكثر، دون أحرف تحكم.
link-mail-invalid = أدخل عنوان بريد مثل name@example.com.
link-pay = ادفع عبر Lightning
link-how = ستحصل على فاتورة يمكن دفعها بمحفظة Lightning.
wallet-direct = الدفع مباشرة من محفظة
link-wallet-how = امسح الرمز بمحفظة لايتنينغ أو افتحه في محفظة على هذا الجهاز. تطلب المحفظة قطعة واحدة. يمكن استخدام الرمز مرة أخرى.
link-sold-out = نفدت الكمية
link-over = لم يعد بالإمكان طلب هذا هنا.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = ما نقدمه
poster-how = امسح الرمز بكاميرا هاتفك وادفع بمحفظة Lightning.
poster-how-wallet = امسح بكاميرا هاتفك أو بمحفظة لايتنينغ.

# The desk: notices, and what they say.
desk-notices = الإشعارات
desk-notices-text = من في المتجر يُبلَّغ بما يحدث. تُبلِّغ القاعدة بما يحدث من الآن فصاعدًا.
desk-notice-none = لا توجد قواعد بعد.
desk-notice-new = قاعدة جديدة
desk-notice-make = إنشاء القاعدة
desk-notice-event = ما يُبلَّغ به
desk-notice-event-wrong = اختر ما يُبلَّغ به.
desk-notice-too-many = توجد خمسون قاعدة بالفعل.
desk-notice-sale-paid = دُفعت عملية بيع
desk-notice-endpoint-gone = أُوقف خطاف ويب لأن خادمه يقول إنه لم يعد موجودًا
desk-notice-node-away = العقدة غير متاحة، ثم عودتها لاحقًا
desk-notice-little-receivable = العقدة تستطيع استقبال القليل، ثم ما يكفي لاحقًا
desk-notice-no-rate = لا سعر صرف للأسعار، ثم عودته لاحقًا
desk-notice-channel = طريقة الإرسال
desk-notice-channel-wrong = اختر إحدى الطرق.
desk-notice-mail = البريد الإلكتروني
desk-notice-missing = { $channel } غير مُعدّ. يفعّله المفتاح { $key } في الإعدادات.
desk-notice-address = العنوان
desk-notice-address-hint = البريد الإلكتروني: صندوق بريد. ntfy: عنوان موضوع مثل https://ntfy.sh/my-shop. Telegram: رقم محادثة مثل -1001234567890.
desk-notice-address-wrong = لا يمكن أن يكون هذا عنوانًا لهذه الطريقة.
desk-notice-not-allowed = لا يُرسل شيء إلى هذا العنوان: فهو في شبكة خاصة أو على هذا الجهاز، أو يحتاج إلى وكيل. انظر webhooks.allow_private وwebhooks.onion_proxy.
desk-notice-token = رمز الوصول لـ ntfy
desk-notice-token-wrong = لا يمكن أن يكون هذا رمز وصول.
desk-notice-test = إرسال اختبار
desk-notice-test-sent = أُرسل الاختبار. أجاب الخادم:
desk-notice-remove = إزالة
desk-notice-waiting = قيد الانتظار
desk-notice-undelivered = ما تُرك إرساله
desk-notice-unreachable = تعذّر الوصول إلى الخادم، أو أنه لا يجيب كما ينبغي.
desk-notice-credentials = يرفض الخادم اسم المستخدم أو كلمة المرور أو الرمز. تحقق من notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file، أو من رمز القاعدة.
desk-notice-refused = يرفض الخادم هذا العنوان.
desk-notice-not-taken = لم يقبل الخادم الرسالة. ستُعاد المحاولة.
desk-notice-not-configured = هذه الطريقة غير مُعدّة، أو تعذّرت قراءة ملف سرّها.
desk-notice-internal = تعذّرت كتابة الرسالة. السبب في السجل.
notice-test = اختبار
notice-test-text = هذا اختبار. تصل الإشعارات إلى هنا.
notice-sale = مدفوع: { $amount }
notice-sales = عدد المبيعات المدفوعة { $count }: { $amount }
notice-several = عدد الإشعارات: { $count }
notice-more = وغيرها: { $count }
notice-order = الطلب: { $order }
notice-over-paid = أكثر من المطلوب: { $amount }
notice-endpoint-gone = أُوقف خطاف الويب إلى { $receiver }: يقول خادمه إنه لم يعد موجودًا.
notice-node-away = عقدة Lightning غير متاحة. لا يستطيع أحد الدفع.
notice-node-back = عادت عقدة Lightning.
notice-little-receivable = لا تستطيع العقدة استقبال أكثر من { $amount }. تفشل المدفوعات الأكبر.
notice-enough-receivable = تستطيع العقدة استقبال { $amount } من جديد.
notice-no-rate = لا يوجد سعر صرف لـ { $currencies }. لا يمكن دفع الأسعار بها.
notice-rate-back = عاد سعر الصرف: { $currencies }

# The desk: payment links.
desk-links = روابط الدفع
desk-links-text = الرابط صفحة يستطيع أي شخص أن يطلب فيها الشيء نفسه: منتجًا أو تذكرة أو تبرعًا. لا تُنشأ الفاتورة إلا عندما يضغط المشتري الزر.
desk-link-new = رابط جديد
desk-link-make = إنشاء الرابط
desk-link-save = حفظ
desk-link-change = تغيير هذا الرابط
desk-link-slug = الاسم في العنوان
desk-link-slug-hint = a-z و0-9 و_ و-، مثل coffee. لا يمكن تغييره لاحقًا.
desk-link-slug-wrong = استخدم من 1 إلى 64 من الأحرف a-z و0-9 و_ و-.
desk-link-slug-taken = يوجد رابط بهذا الاسم.
desk-link-too-many = يوجد ألف رابط بالفعل.
desk-link-title = العنوان
desk-link-title-wrong = أدخل عنوانًا من سطر واحد.
desk-link-text = الوصف
desk-link-text-wrong = 2000 بايت من النص على الأكثر.
desk-link-fixed = ثابت
desk-link-between = يختار المشتري ضمن نطاق
desk-link-free = يختار المشتري بحرية
desk-link-currency-hint = SAT للساتوشي، أو عملة مثل EUR.
desk-link-currency-wrong = أدخل SAT أو رمز عملة مثل EUR.
desk-link-least = السعر أو أصغر مبلغ
desk-link-most = أكبر مبلغ في النطاق
desk-link-amount-wrong = أدخل مبلغًا بهذه العملة؛ والساتوشي عددًا صحيحًا.
desk-link-range-wrong = يجب ألا يقل أكبر مبلغ عن أصغره.
desk-link-pieces = أقصى كمية في الطلب الواحد
desk-link-pieces-wrong = أدخل عددًا من 1 إلى 1000. أكثر من 1 يتطلب سعرًا ثابتًا.
desk-link-asks = ما يُطلب من المشترين
desk-link-ask-no = لا
desk-link-ask-required = إلزامي
desk-link-limit = إجمالي الكمية المعروضة
desk-link-number-wrong = أدخل عددًا صحيحًا أكبر من صفر.
desk-link-last-day = آخر يوم
desk-link-day-wrong = أدخل تاريخًا.
desk-link-thanks = نص الشكر، يظهر بعد الدفع
desk-link-sold = المباع
desk-link-left = المتبقي
desk-link-open = مفتوح
desk-link-ended = انتهى
desk-link-stopped = متوقف
desk-link-stop = إيقاف هذا الرابط
desk-link-reopen = إعادة فتحه
desk-link-poster = ملصق للطباعة
desk-link-html = لموقعك على الويب
desk-link-sales = الطلبات
desk-link-unpaid = غير مدفوع

# The desk: the counter.
counter = نقطة البيع
counter-none = لا توجد أزرار بعد. اكتب مبلغًا، أو اطلب من مالك أو مدير إضافة ما تبيعونه.
counter-pieces-of = عدد القطع من { $name }
counter-other = أخرى
counter-keys = لوحة الأرقام
counter-erase = احذف الرقم الأخير
counter-tip = إكرامية
counter-tip-none = بلا إكرامية
counter-tip-other = مبلغ آخر
counter-tip-amount = مبلغ الإكرامية
counter-total = المجموع
counter-charge = تحصيل
counter-clear = مسح
counter-empty = اختر شيئًا أو اكتب مبلغًا.
counter-pieces-wrong = أدخل عدد قطع صحيحًا لا يتجاوز 999.
counter-too-much = هذا أكثر مما يمكن في عملية بيع واحدة.
counter-gone = لم يعد هذا يُباع. تحقق مما اخترته.
counter-used = انتهت عملية البيع هذه. لم يُحصَّل شيء من جديد: اختر للزبون التالي.
counter-offline-title = لا يوجد اتصال
counter-offline = يتعذر الوصول إلى خادم المتجر. لا يمكن التحصيل حتى يعود الاتصال.
counter-latest = آخر المبيعات
counter-scan = امسح الرمز بمحفظة Lightning
counter-next = عملية بيع جديدة
counter-cancel = إلغاء عملية البيع
counter-items = أزرار نقطة البيع
counter-items-text = ما تبيعونه عند نقطة البيع: زر لكل صنف ضمن فئته. الأسعار شاملة الضريبة.
counter-foreign = لا يظهر عند نقطة البيع: سعره بعملة أخرى.
counter-item-new = إضافة زر
counter-category = الفئة
counter-price = السعر شاملًا الضريبة
counter-tax = نسبة الضريبة %
counter-tax-hint = إن تُرك فارغًا فلن تذكر الإيصالات التي تتضمنه الضرائب.
counter-name-wrong = استخدم من 1 إلى 60 حرفًا في سطر واحد.
counter-tax-wrong = أدخل نسبة مئوية من 0 إلى 100، مثل 15.
counter-too-many = يوجد خمسمئة زر بالفعل.
desk-by-cashier = عند نقطة البيع حسب أمين الصندوق

# The desk: signing in by a PIN at the counter.
pin = الرقم السري
pin-choose = اختر رقمًا سريًا
pin-text = من الآن يسجل { $name } الدخول بهذا الرقم على هذا الجهاز وحده.
pin-hint = من 4 إلى 8 أرقام، ليست كلها متشابهة ولا متتالية.
pin-again = أعد كتابة الرقم السري
pin-differs = الرقمان غير متطابقين.
pin-weak = استخدم من 4 إلى 8 أرقام ليست كلها متشابهة ولا متتالية مثل 1234.
pin-of = الرقم السري لـ { $name }
pin-refused = الرقم السري خاطئ. بعد خمس محاولات خاطئة يجب أن يعرض مالك رمزًا جديدًا لهذا الجهاز.
pin-scan = يمسح { $name } هذا الرمز بجهاز نقطة البيع ويختار هناك رقمًا سريًا. يعمل مرة واحدة خلال عشر دقائق.
pin-only-cashiers = أمناء الصندوق وحدهم يسجلون الدخول برقم سري.
pin-invite = إعداد جهاز برقم سري
pin-forgotten = محاولات خاطئة كثيرة أو أُلغي هذا الجهاز. يمكن لمالك أن يعرض رمزًا جديدًا له.
pin-device = جهاز برقم سري
pin-paired = أُعدّ في
pin-revoke = إلغاء هذا الجهاز

# The desk of a sandbox.
desk-samples = مبيعات آخر 60 يومًا المعروضة هنا أمثلة: لم يدفعها أحد.

# The desk’s export for DATEV.
datev-leave-out = DATEV: استبعاد ما ليس له سعر باليورو
datev-no-euros = لا يوجد ملف: { $count } من المبيعات أو المبالغ المردودة في هذه المدة بلا سعر باليورو ولا يمكن قيدها. يمكنك استبعادها.
datev-no-account = لا يوجد ملف: لا يحدد الإعداد حسابًا للمبيعات بهذه النسب الضريبية: { $rates } %
datev-two-years = لا يوجد ملف: هذه الأيام من سنتين ماليتين، والملف لسنة واحدة.
