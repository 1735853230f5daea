# Every page: the frame around it.
sandbox-title = Modo de prueba.
sandbox-text = No es dinero real: estas facturas son de prueba.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant creates an invoice.
form-title = Nueva factura
form-check = Revise los datos
form-amount = Importe en satoshis
form-amount-hint = De { $minimum } a { $maximum } sat. Por defecto: { $default }.
form-amount-plain = Importe
form-currency = Moneda
form-amount-hint-currencies = De { $minimum } a { $maximum } sat, o su equivalente en otra moneda.
form-amount-fixed = Esta tienda pide { $amount } sat.
form-description = Concepto
form-description-hint = Para qué es el pago. La cartera del comprador lo muestra. Por defecto: «{ $default }».
form-submit = Crear factura

# Errors of a field.
amount-too-small = El importe mínimo es de { $minimum } sat.
amount-too-large = El importe máximo es de { $maximum } sat.
amount-not-digits = Escriba el importe como número entero de satoshis, solo con cifras.
amount-missing = Indique el importe.
amount-not-money = Indique el importe en { $currency } como un número, por ejemplo { $example }.
currency-not-offered = Esta moneda no se ofrece aquí. Elija otra.
amount-fixed = El importe es de { $amount } sat y no se puede cambiar.
description-too-long = El concepto ocupa { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; caben { $most } como máximo.
description-control = El concepto no puede contener saltos de línea ni otros caracteres de control.
description-not-text = El concepto no es un texto UTF-8 válido.
field-repeated = El campo «{ $field }» se envió más de una vez.
field-unknown = No existe el campo «{ $field }»; los campos son «amount» y «description».

# Unpaid.
pay-title = Pagar esta factura
any-amount = Usted elige el importe
rate-of = Tipo de cambio del
waiting = Pendiente de pago
qr-code = Código QR
open-wallet = Abrir en la cartera
choose-wallet = Elegir una cartera
pay-in-browser = Pagar con la cartera del navegador
invoice-text = Factura Lightning
copy = Copiar la factura
copied = Copiada
time-left = Tiempo restante
minutes-left = { $minutes ->
        [one] Queda { $minutes } minuto para pagar
       *[other] Quedan { $minutes } minutos para pagar
    }
span-days = { $days ->
        [one] { $days } día
       *[other] { $days } días
    }
span-hours = { $hours ->
        [one] { $hours } hora
       *[other] { $hours } horas
    }
span-minutes = { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }
span-both = { $larger } y { $smaller }
pay-until = Pague antes del
follows = Esta página se actualiza automáticamente.
check-now = Comprobar ahora
sandbox-pay = Pagar (pruebas)
stale = Ahora mismo no se puede contactar con el nodo Lightning. No se pierde ningún pago. Último estado conocido, a
close = Cerrar
node-warns = El nodo Lightning advierte de que quizá no se pueda pagar esta factura:
show-receipt = Ver el recibo
show-page-again = Actualizar la página

# The payment is held until the shop takes it or sends it back.
accepted-title = Pago autorizado
accepted-text = El importe está reservado, pero aún no se ha cobrado. La tienda lo cobrará o lo devolverá íntegramente. Hasta entonces, su cartera puede mostrar el pago como pendiente.

# Paid.
paid-title = Pagada
asked-for = Importe solicitado
paid-at = Pagada el
receipt-number = Número de recibo
rate-source = Fuente del tipo de cambio
tax-rate = Tipo impositivo
tax-net = Neto
tax = Impuesto
receipt-tip = De ello, propina
receipt-discount = Descuento
receipt-tax-id = Número fiscal
refunded-part = Reembolsado en parte
refunded-whole = Reembolsado por completo
onward = Volver a { $shop }
order = Pedido
paid-to = Pagada a
payment-hash = Hash del pago
print = Imprimir o guardar el recibo
proof-title = Prueba de pago
proof-hint = Su cartera guarda una preimagen de este pago. Péguela aquí para comprobar que corresponde a esta factura.
proof-preimage = Preimagen
proof-check = Comparar
proof-matches = Coincide: esta preimagen demuestra el pago.
proof-differs = No coincide: esta preimagen es de otro pago.
proof-not-hex = Una preimagen tiene 64 caracteres, del 0 al 9 y de la a a la f.
proven-title = Pago demostrado
proven-text = La preimagen es la correcta: esta factura se pagó. Pero el nodo Lightning de la tienda no tiene registrado el pago. No pague otra vez; avise a la tienda y muéstrele la preimagen y el hash del pago.

# Expired, or cancelled.
expired-title = Caducada
expired-text = Esta factura ha caducado. Por favor, no la pague.
renew = Obtener una factura nueva
renewed-text = Hay una factura nueva para este pedido.
renewed-open = Ir a la factura nueva
cancelled-text = La tienda ha anulado esta factura. Por favor, no la pague.
cancelled-held-text = La tienda ha anulado esta factura. No se ha cobrado nada.
expired-proof = ¿Ya había pagado? Su cartera puede demostrarlo.
closed-text = Aquí no se emite una factura nueva. Si aún desea pagar, pida una nueva a la tienda.
cancelled-title = Anulada

# Errors: a heading, what it means and what to do next.
try-again = Intentarlo ahora
asks-again = Esta página vuelve a intentarlo automáticamente.
front-page = Ir a la página de inicio
request-id = Referencia
trouble-not-found = Compruebe la dirección o empiece desde la página de inicio.
    .title = Página no encontrada
trouble-invoice-not-found = Compruebe que ha copiado el enlace completo.
    .title = Factura no encontrada
trouble-invoice-not-payable = Está pagada, caducada o anulada. Por favor, no la pague de nuevo.
    .title = Esta factura está cerrada
trouble-invoice-not-renewable = Aquí no se puede sustituir por una nueva. Diríjase a la tienda.
    .title = Esta factura no se puede renovar
trouble-method-not-allowed = Esta dirección no admite este tipo de solicitud.
    .title = Esta página no se puede abrir directamente
trouble-unsupported-media-type = Envíe los campos como application/x-www-form-urlencoded.
    .title = No se ha podido leer
trouble-bad-request = La solicitud se interrumpió o no está bien formada.
    .title = No se ha podido leer
trouble-body-too-large = La solicitud supera los 64 KiB.
    .title = No se ha podido leer
trouble-request-timeout = La solicitud no llegó a tiempo. Envíela de nuevo.
    .title = Ha tardado demasiado
trouble-rate-limited = Demasiadas solicitudes en poco tiempo. No se pierde nada: espere un minuto e inténtelo de nuevo.
    .title = Demasiadas solicitudes
trouble-too-many-unpaid = Hay demasiadas facturas pendientes de pago, así que por ahora no se crean más. No se pierde nada: inténtelo de nuevo en unos minutos.
    .title = Demasiadas facturas sin pagar
trouble-overloaded = Hay demasiados visitantes a la vez. No se pierde nada: inténtelo de nuevo en unos segundos.
    .title = Hay mucha actividad aquí
trouble-cross-site = Este formulario se envió desde otro sitio web. Abra la página aquí y envíelo desde ella.
    .title = Enviado desde otro sitio
trouble-form-off = Esta tienda crea sus propias facturas. Pídale un enlace de pago.
    .title = Aquí no hay formulario
trouble-invalid =
    .title = Hay algo que corregir
trouble-no-rate = En este momento no hay un tipo de cambio fiable, por lo que no se ha creado ninguna factura. Inténtelo de nuevo en un minuto.
    .title = No hay tipo de cambio en este momento
trouble-node-unreachable = No se puede contactar con el nodo Lightning. Si ya ha pagado, su pago está a salvo y aparecerá aquí. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-timeout = El nodo Lightning no respondió a tiempo. Si ya ha pagado, su pago está a salvo y aparecerá aquí. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-busy = El nodo Lightning está ocupado. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-refused = El nodo Lightning rechazó la solicitud. Inténtelo de nuevo o póngase en contacto con la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-malformed = El nodo Lightning no dio una respuesta utilizable. Inténtelo de nuevo o póngase en contacto con la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-replaced = Este nodo Lightning no es el de las facturas de esta tienda. Póngase en contacto con la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-not-followed = Las actualizaciones del nodo Lightning aún no llegan. Si ya ha pagado, su pago está a salvo y aparecerá aquí.
    .title = El nodo Lightning no está disponible
trouble-store-failed = La tienda no puede guardar sus registros en este momento. Si ya ha pagado, su pago está a salvo. Inténtelo de nuevo o póngase en contacto con la tienda.
    .title = Ahora mismo no se puede guardar
trouble-internal = Inténtelo de nuevo. Si el problema continúa, póngase en contacto con la tienda e indique la referencia de abajo.
    .title = Algo ha fallado por nuestra parte

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = Un texto breve, de 24 caracteres como máximo.
reveal-text = Un texto ({ $size }).
reveal-file = Un archivo: { $name } ({ $size }).
reveal-how = Recibirá una factura. En cuanto esté pagada, su página mostrará lo que ha comprado.
reveal-wallet-how = Escanea el código con una cartera Lightning o ábrelo en una de este dispositivo. El código puede volver a usarse.
reveal-word-warning = El texto forma parte del propio pago: todos los nodos que reenvían su pago pueden leerlo.
reveal-sold-out = Agotado.
reveal-buy = Comprar
reveal-again = Comprar de nuevo
sold-title = Su compra
sold-download = Descargar
sold-sealed = Descargar cifrado
sold-sealed-hint = El recibo de su cartera para este pago, la preimagen, abre el archivo cifrado, incluso sin esta tienda: facture reveal open ARCHIVO PREIMAGEN
trouble-item-not-found = Compruebe la dirección. Puede que ya no esté a la venta.
    .title = No está a la venta
trouble-sold-out = Todo está vendido o reservado. No se ha creado ninguna factura ni se ha cobrado nada. Una reserva sin pagar queda libre al cabo de un tiempo.
    .title = Agotado
trouble-link-closed = Aquí ya no se puede pedir nada, o no tanto. No se ha creado ninguna factura.
    .title = Ya no está disponible
trouble-payment-required = Podrá descargarlo en cuanto la factura esté pagada.
    .title = Aún no pagada

# Offers: the page of a code that is paid again and again.
offer-title = Pagar a esta tienda
offer-how = Escanee este código con una cartera que pueda pagar ofertas (BOLT 12). Se puede pagar una y otra vez.
offer-note = Su cartera puede enviar una nota a la tienda junto con el pago.
offer-text = Oferta Lightning
offer-copy = Copiar la oferta
offer-print = Imprimir este código
offer-over-title = Ya no es válido
offer-over-text = Este código ya no se puede pagar. Pida uno nuevo a la tienda.
payer-note = Nota para la tienda
trouble-offer-not-found = Compruebe que ha copiado el enlace completo.
    .title = Oferta no encontrada

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = Forma de pago
way-lightning = Lightning
way-any = Cualquier cartera
way-any-hint = Para carteras que no leen el otro código.
way-text = Enlace de pago
way-copy = Copiar enlace

# The merchant’s desk: signing in, accounts, users.
desk-skip = Ir al contenido
desk-sections = Secciones
desk-sign-in = Iniciar sesión
desk-sign-out = Cerrar sesión
desk-sign-in-refused = El usuario, la contraseña o el código no son correctos.
desk-demo = Entrar como propietario de demostración
desk-demo-text = En el entorno de pruebas no hace falta contraseña.
desk-user-name = Usuario
desk-password = Contraseña
desk-code = Código de tu aplicación de autenticación
desk-code-hint = Déjalo vacío si no usas ninguna. También sirve un código de recuperación.
desk-code-wrong = El código no es correcto o ha caducado. Introduce el que muestra ahora la aplicación.
desk-welcome = Elige tu contraseña
desk-welcome-text = Te han añadido al panel de esta tienda. En cuanto elijas una contraseña, este enlace dejará de funcionar.
desk-password-new = Contraseña nueva
desk-password-hint = Al menos 10 caracteres.
desk-password-again = Repite la contraseña nueva
desk-password-present = Contraseña actual
desk-password-set = Guardar contraseña
desk-password-change = Cambiar la contraseña
desk-password-differs = Las dos contraseñas no coinciden.
desk-password-short = La contraseña es demasiado corta: al menos 10 caracteres.
desk-password-long = La contraseña es demasiado larga: 200 bytes como máximo.
desk-password-name = La contraseña no puede ser tu usuario.
desk-password-wrong = Esa no es tu contraseña actual.
desk-account = Mi cuenta
desk-role = Rol
desk-role-owner = Propietario
desk-role-manager = Encargado
desk-role-cashier = Cajero
desk-role-accountant = Contable
desk-second-factor = Aplicación de autenticación
desk-second-factor-text = Con una aplicación de autenticación, nadie puede entrar solo con tu contraseña.
desk-second-factor-scan = Escanea este código con la aplicación o escribe en ella el texto de abajo. Después introduce el código que muestre.
desk-second-factor-on = Activar
desk-second-factor-off = Desactivar
desk-second-factor-is-on = Aplicación de autenticación: activada
desk-second-factor-is-off = Aplicación de autenticación: desactivada
desk-recovery = Códigos de recuperación
desk-recovery-text = Guarda estos códigos en un lugar seguro: no se volverán a mostrar. Cada uno sirve una vez en lugar de la aplicación, si pierdes el teléfono.
desk-recovery-kept = Ya los he guardado
desk-recovery-left = { $left ->
        [one] Queda { $left } código de recuperación.
       *[other] Quedan { $left } códigos de recuperación.
    }
desk-sessions = Sesiones
desk-session-own = Este navegador
desk-session-began = Inicio
desk-session-seen = Último uso
desk-session-end = Cerrar esta sesión
desk-users = Usuarios
desk-user-add = Añadir un usuario
desk-user-change = Cambiar
desk-user-role-set = Cambiar el rol
desk-user-reset = Restablecer la contraseña
desk-user-remove = Eliminar
desk-user-waiting = Todavía no ha usado el enlace de un solo uso
desk-user-invited = Entrega este enlace de un solo uso a { $name }. Vale tres días y no se volverá a mostrar.
desk-user-name-hint = De 1 a 40 caracteres: a-z, 0-9 y . _ - @
desk-user-name-invalid = Un usuario tiene de 1 a 40 caracteres: a-z, 0-9 y . _ - @
desk-user-name-taken = Ya hay un usuario con ese nombre.
desk-user-not-found = Ese usuario ya no existe.
desk-user-last-owner = Es el único propietario que puede iniciar sesión. Nombra antes a otro.
desk-user-own = Cambia tu propia contraseña en «Mi cuenta».
desk-roles-text = Los propietarios pueden todo. Los gerentes llevan la tienda: cancelan facturas, cobran pagos retenidos y ordenan reembolsos. Los cajeros ven las ventas de las últimas 24 horas. Los contables ven todas las ventas y no cambian nada. Aquí nadie puede gastar dinero.
desk-audit = Registro de actividad
desk-audit-text = Quién hizo qué en el panel, lo más reciente primero. Nada se puede modificar.
desk-when = Cuándo
desk-who = Quién
desk-what = Qué
desk-subject = Objeto
desk-address = Dirección
desk-older = Entradas anteriores
trouble-right-missing = Tu rol no lo permite. Consulta a un propietario de la tienda.
    .title = No permitido
trouble-link-used = Se ha usado, se ha sustituido por otro o es demasiado antiguo. Pide uno nuevo a un propietario de la tienda.
    .title = Este enlace ya no funciona

# The desk: payments, and one sale.
desk-payments = Pagos
desk-search-for = Buscar
desk-search-hint = Número de pedido, texto, hash de pago, factura o identificador. Un importe en sat o con su moneda, como 12,50 EUR, encuentra lo que difiere hasta un 1 %.
desk-search = Iniciar búsqueda
desk-search-clear = Mostrar todo
desk-state = Estado
desk-all = Todos
desk-channel = Vendido por
desk-from = Creado desde
desk-to = Creado hasta
desk-sees-a-day = Su función muestra las ventas de las últimas 24 horas.
desk-search-too-long = Este texto es demasiado largo para buscarlo.
desk-search-instead = O buscar:
desk-found-none = No se encontró nada.
desk-found-order = El pedido «{ $text }»
desk-found-hash = El pago con este hash
desk-found-amount = Importes de { $from } a { $to } sat
desk-totals-part = Estas sumas son solo de las ventas más recientes: las más antiguas de esta lista no están incluidas.
desk-found-worth = Pagos por valor de { $from } a { $to }
desk-found-text = Ventas con el texto «{ $text }»
desk-search-stopped = Para no tardar, la búsqueda se detuvo en { $time }. No se miraron las ventas anteriores.
desk-search-on = Buscar más atrás
desk-open = Abierto
desk-channel-form = Formulario
desk-channel-reveal = Bienes digitales
desk-channel-address = Dirección Lightning
desk-channel-paywall = Muro de pago
desk-sale = Venta
desk-received = Recibido
desk-over = Más de lo pedido
desk-price = Precio
desk-created = Creado
desk-renewal-of = En lugar de
desk-label = Identificador
desk-metadata = Datos de la tienda
desk-buyer-page = Abrir la página del comprador
desk-capture = Cobrar el pago
desk-capture-by-api = La preimagen de este pago la tiene la tienda: cóbrelo por la API.
desk-send-back = Devolver el pago
desk-cancel-invoice = Cancelar la factura
desk-refunds = Reembolsos
desk-refunded = Reembolsado
desk-refund-pending = En curso
desk-refundable = Se puede reembolsar
desk-refund-order = Ordenar un reembolso
desk-refund-text = Esto anota una orden. El pagador, un programa aparte, la paga dentro de sus límites. Aquí no se puede pagar.
desk-refund-to = Factura, oferta o dirección Lightning del comprador
desk-refund-reason = Motivo
desk-refund-destination = Esto no se puede pagar. Indique una factura vigente que no sea de esta tienda, una oferta o una dirección Lightning.
desk-refund-reason-long = El motivo es demasiado largo: como máximo 500 bytes en una línea.
desk-refund-ordered = Ya se ordenó un pago para esta factura o con este formulario.
desk-refund-too-many = Hay demasiados pagos en espera. Inténtelo más tarde.
desk-waits-payer = Espera a un pagador: ninguno está en marcha.
desk-waits-approval = Espera una aprobación.
desk-note = Nuestra nota
desk-note-none = No hay ninguna nota.
desk-note-hint = Los compradores no la ven. Vacíela para quitarla.
desk-note-save = Guardar la nota
desk-note-invalid = Una nota tiene como máximo { $most } bytes y ningún carácter de control.
desk-timeline = Historial
desk-deliveries = Enviado a webhooks
desk-deliveries-none = No se envió nada sobre esta venta.
desk-attempts = { $count ->
        [one] { $count } intento
       *[other] { $count } intentos
    }
desk-delivery-next = Próximo intento
desk-redeliver = Enviar de nuevo
desk-hold-expiring = Hay que decidir pronto sobre el pago retenido
desk-delivery-pending = En espera
desk-delivery-delivered = Entregado
desk-delivery-dropped = Descartado
desk-failed = Fallido
desk-payout-ordered = Ordenado
desk-payout-approved = Aprobado
desk-payout-paying = Pagándose
desk-payout-unknown = Resultado aún desconocido

# The desk’s first page: today.
desk-today = Hoy
desk-nobody-can-pay = Nadie puede pagar: el nodo no tiene sitio para recibir. Necesita canales con liquidez entrante.
desk-sales = Ventas
desk-open-invoices = Facturas abiertas
desk-expired-today = Creadas hoy, sin pagar
desk-receivable = Se puede recibir
desk-not-known = No se sabe
desk-node = Nodo Lightning
desk-node-well = Conectado
desk-node-syncing = Poniéndose al día con la cadena
desk-node-away = No accesible
desk-webhooks = Avisos a programas
desk-webhooks-well = Ningún fallo
desk-webhooks-failing = No llegan a:
desk-webhooks-off = Desactivados:
desk-by-hour = Recibido por hora y canal
desk-chart-text = Una barra por cada hora del día. La tabla de abajo tiene las cifras.
desk-as-table = Como tabla
desk-hour = Hora
desk-latest = Últimos pagos
desk-updated = La página se ha actualizado.

# Closing of a day, desk/closing.html.
desk-closing = Cierre
desk-closing-text = El total de este periodo. Solo se suma lo que está guardado; lo que no se sabe se cuenta, no se estima.
desk-show = Mostrar
desk-day-before = El día anterior
desk-day-after = El día siguiente
desk-fees = Comisiones pagadas
desk-without-worth = Ventas cuyo valor no se conoce
desk-tips = Propinas, incluidas en los precios
desk-discounts = Descuentos concedidos
desk-by-channel = Por canal
desk-by-tax = Por tipo impositivo
desk-currency = Moneda
desk-gross = Bruto
desk-without-tax = Ventas sin líneas de impuestos
desk-receipts = Números de recibo
desk-receipt-first = Primero
desk-receipt-last = Último

# The desk’s exports.
desk-exports = Exportaciones
desk-exports-text = Lo recibido y lo reembolsado en un período, una línea cada uno. El archivo solo contiene lo guardado; los milisatoshis son exactos.
desk-paid-from = Pagado desde
desk-paid-to = Pagado hasta
desk-separator = Forma del archivo CSV
desk-separator-comma = Comas entre celdas, puntos decimales
desk-separator-semicolon = Puntos y comas entre celdas, comas decimales
desk-exports-zone = Los días empiezan en la zona horaria { $zone }.

# What a payment was worth.
desk-worth = Valor al pagarse
desk-rate = Cotización
desk-filled-in = Completado después:

# The desk’s API tokens.
desk-tokens = Tokens de API
desk-tokens-text = Con un token, un programa de la tienda usa la API. Los tokens para pagos salientes solo se crean en la línea de comandos.
desk-token-made = Este es el token. No se volverá a mostrar.
desk-token-revoked = Revocado
desk-token-revoke = Revocar
desk-token-make = Crear un token
desk-token-name = Para qué es
desk-token-name-invalid = Indique para qué es, en una línea de 100 bytes como máximo.
desk-token-scopes = Qué puede hacer
desk-token-scopes-missing = Elija al menos uno.

# What is sold by pay to reveal, at the desk.
desk-items = Lo que se vende
desk-items-text = Cada artículo tiene su propia página. Quien paga allí recibe al instante lo que se vende. Aquí no se vuelve a mostrar.
desk-item-none = Aún no se vende nada.
desk-item-sold = Vendidos
desk-item-left = Quedan
desk-item-configured = De la configuración; se cambia allí.
desk-item-new = Vender algo nuevo
desk-item-change = Cambiar
desk-item-stop = Dejar de vender
desk-item-offer = Vender
desk-item-id = Nombre en la dirección
desk-item-id-hint = Letras minúsculas a–z, cifras, guiones y guiones bajos, 64 como máximo.
desk-item-id-invalid = Un nombre tiene de 1 a 64 letras minúsculas a–z, cifras, guiones y guiones bajos.
desk-item-id-taken = Ya hay un artículo con este nombre. Cámbielo o elija otro nombre.
desk-item-configured-text = La configuración tiene un artículo con este nombre.
desk-item-too-many = No se pueden ofrecer más artículos.
desk-item-title = Título
desk-item-title-invalid = Escriba un título, en una línea de 639 bytes como máximo.
desk-item-price = Precio en sat
desk-item-price-invalid = Escriba satoshis enteros, al menos 1.
desk-item-kind = Qué recibe el comprador
desk-item-kind-text = Un texto
desk-item-kind-word = Una palabra de 24 bytes como máximo, que es parte del pago: cada nodo que lo reenvía la conoce
desk-item-text = El texto
desk-item-text-hint = Solo lo ven los compradores.
desk-item-text-again = Escríbalo de nuevo: lo que se vende no se muestra. Los compradores anteriores conservan lo que compraron.
desk-item-text-missing = Escriba el texto que se vende.
desk-item-word-invalid = Una palabra tiene de 1 a 24 bytes y no termina en un espacio.
desk-item-no-words = Este nodo no puede vender palabras.
desk-item-stock = Cuántos se venden en total
desk-item-stock-hint = Vacío: los que sean.
desk-item-stock-invalid = Escriba un número hasta 1.000.000.000, o nada.

# Giving a key to the plug-in of a web shop.
pair = Conectar una tienda en línea
pair-text = El programa de esta dirección pide una clave de este servidor. Acepta solo si es tu tienda y has empezado allí.
pair-application = Se llama a sí mismo
pair-permissions = Con la clave puede
pair-view-invoices = ver las facturas de la tienda
pair-create-invoice = crear facturas
pair-modify-invoices = cambiar los datos de las facturas e invalidarlas
pair-view-settings = ver los ajustes de la tienda
pair-modify-settings = hacer todo esto, menos reembolsos
pair-webhooks = recibir avisos de los pagos (webhooks)
pair-refunds = pedir reembolsos de pedidos pagados, que tu pagador paga dentro de sus límites
pair-left-out = No disponible aquí y omitido:
pair-shop = Tienda
pair-shop-hint = La clave solo ve lo que pertenece a este nombre. De 1 a 64 letras (a–z), cifras, guiones y guiones bajos.
pair-shop-invalid = El nombre de una tienda tiene de 1 a 64 letras (a–z), cifras, guiones y guiones bajos.
pair-agree = Dar la clave a { $host }
pair-made = La clave está creada. Llévala a la tienda: no se volverá a mostrar.
pair-continue = Continuar a { $host }
pair-target-invalid = Falta la dirección de la tienda, o es una a la que no se envían claves. Debe empezar por https://, o por http:// en tu propia red.
pair-permission-unknown = El programa exige un permiso que aquí no existe: { $permission }
pair-permission-none = El programa no pide ningún permiso que exista aquí.
pair-used = Este formulario ya se ha usado. Empieza de nuevo en la tienda.
pair-off = Esta página necesita el panel, que está desactivado en este servidor (desk.enabled).
pair-elsewhere = El panel tiene su propia dirección. Abre allí esta página: la misma ruta, con todo lo que sigue.
pair-by-command = Sin el panel, crea una clave en el servidor e introdúcela en los ajustes de la extensión:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = Un pago para ti
voucher-refund = Tu reembolso
voucher-how = Escanea el código con una cartera Lightning o ábrelo en una de este dispositivo. La cartera pide exactamente este importe.
voucher-note = Quien tenga esta página puede reclamarlo, una sola vez.
voucher-until = Se puede reclamar hasta
voucher-claimed = Una cartera lo ha reclamado. Recarga la página para ver si se ha pagado.
voucher-paid = Se ha pagado.
voucher-over = Ya no se puede reclamar. Pregunta a la tienda.

# Payment links: the pages where buyers order.
link-range = De { $least } a { $most }.
link-pieces = Cantidad
link-pieces-wrong = Introduzca un número de 1 a { $most }.
link-name = Nombre
link-mail = Correo electrónico
link-note = Nota para la tienda
link-optional = opcional
link-field-missing = Rellene este campo.
link-field-long = Como máximo { $most } caracteres, sin caracteres de control.
link-mail-invalid = Introduzca una dirección de correo como name@example.com.
link-pay = Pagar con Lightning
link-how = Recibirá una factura que puede pagar con una cartera Lightning.
wallet-direct = Pagar directamente desde una cartera
link-wallet-how = Escanea el código con una cartera Lightning o ábrelo en una de este dispositivo. La cartera pide una unidad. El código puede volver a usarse.
link-sold-out = Agotado
link-over = Esto ya no se puede pedir aquí.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = Nuestra oferta
poster-how = Escanee con la cámara del móvil y pague con una cartera Lightning.
poster-how-wallet = Escanea con la cámara del teléfono o con una cartera Lightning.

# The desk: notices, and what they say.
desk-notices = Avisos
desk-notices-text = A quién de la tienda se avisa de lo que ocurre. Una regla avisa de lo que ocurra a partir de ahora.
desk-notice-none = Todavía no hay reglas.
desk-notice-new = Nueva regla
desk-notice-make = Crear la regla
desk-notice-event = De qué se avisa
desk-notice-event-wrong = Elija de qué se avisa.
desk-notice-too-many = Ya hay cincuenta reglas.
desk-notice-sale-paid = Se pagó una venta
desk-notice-endpoint-gone = Se desactivó un webhook porque su servidor dice que ya no existe
desk-notice-node-away = El nodo no está disponible y, después, que ha vuelto
desk-notice-little-receivable = El nodo puede recibir poco y, después, que es suficiente
desk-notice-no-rate = Los precios no tienen tipo de cambio y, después, que lo tienen
desk-notice-channel = Por qué medio
desk-notice-channel-wrong = Elija uno de los medios.
desk-notice-mail = Correo electrónico
desk-notice-missing = { $channel } no está configurado. La clave { $key } de la configuración lo activa.
desk-notice-address = Dirección
desk-notice-address-hint = Correo electrónico: un buzón. ntfy: la dirección de un tema, como https://ntfy.sh/mi-tienda. Telegram: el número de un chat, como -1001234567890.
desk-notice-address-wrong = No puede ser una dirección de ese medio.
desk-notice-not-allowed = No se envía nada a esta dirección: está en una red privada o en esta máquina, o necesita un proxy. Vea webhooks.allow_private y webhooks.onion_proxy.
desk-notice-token = Token de acceso de ntfy
desk-notice-token-wrong = No puede ser un token de acceso.
desk-notice-test = Enviar una prueba
desk-notice-test-sent = La prueba se envió. El servidor respondió:
desk-notice-remove = Quitar
desk-notice-waiting = En espera
desk-notice-undelivered = Abandonados
desk-notice-unreachable = No se puede contactar con el servidor, o no responde como debería.
desk-notice-credentials = El servidor rechaza el usuario, la contraseña o el token. Revise notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file o el token de la regla.
desk-notice-refused = El servidor rechaza esta dirección.
desk-notice-not-taken = El servidor no aceptó el mensaje. Se volverá a intentar.
desk-notice-not-configured = Este medio no está configurado, o no se puede leer el archivo con su secreto.
desk-notice-internal = No se pudo escribir el mensaje. El registro dice por qué.
notice-test = Una prueba
notice-test-text = Esto es una prueba. Los avisos llegan aquí.
notice-sale = Pagado: { $amount }
notice-sales = Se pagaron { $count } ventas: { $amount }
notice-several = { $count } avisos
notice-more = Y { $count } más.
notice-order = Pedido: { $order }
notice-over-paid = Más de lo pedido: { $amount }
notice-endpoint-gone = Se desactivó el webhook a { $receiver }: su servidor dice que ya no existe.
notice-node-away = El nodo Lightning no está disponible. Nadie puede pagar.
notice-node-back = El nodo Lightning ha vuelto.
notice-little-receivable = El nodo solo puede recibir { $amount }. Los pagos mayores fallan.
notice-enough-receivable = El nodo puede recibir de nuevo { $amount }.
notice-no-rate = No hay tipo de cambio para { $currencies }. Los precios en esa moneda no se pueden pagar.
notice-rate-back = Vuelve a haber tipo de cambio: { $currencies }

# The desk: payment links.
desk-links = Enlaces de pago
desk-links-text = Un enlace es una página donde cualquiera puede pedir lo mismo: un producto, una entrada, una donación. La factura se crea solo cuando el comprador pulsa el botón.
desk-link-new = Nuevo enlace
desk-link-make = Crear enlace
desk-link-save = Guardar
desk-link-change = Cambiar este enlace
desk-link-slug = Nombre en la dirección
desk-link-slug-hint = a-z, 0-9, _ y -, por ejemplo «cafe». Después no se puede cambiar.
desk-link-slug-wrong = Use de 1 a 64 de los caracteres a-z, 0-9, _ y -.
desk-link-slug-taken = Ya hay un enlace con este nombre.
desk-link-too-many = Ya hay mil enlaces.
desk-link-title = Título
desk-link-title-wrong = Introduzca un título de una línea.
desk-link-text = Descripción
desk-link-text-wrong = Como máximo 2000 bytes de texto.
desk-link-fixed = Fijo
desk-link-between = El comprador elige dentro de un rango
desk-link-free = El comprador elige libremente
desk-link-currency-hint = SAT para satoshis, o una moneda como EUR.
desk-link-currency-wrong = Introduzca SAT o el código de una moneda, como EUR.
desk-link-least = Precio o importe mínimo
desk-link-most = Importe máximo del rango
desk-link-amount-wrong = Introduzca un importe de esta moneda; satoshis como número entero.
desk-link-range-wrong = El importe máximo no puede ser menor que el mínimo.
desk-link-pieces = Cantidad máxima por pedido
desk-link-pieces-wrong = Introduzca un número de 1 a 1000. Más de 1 requiere un precio fijo.
desk-link-asks = Pedir a los compradores
desk-link-ask-no = no
desk-link-ask-required = obligatorio
desk-link-limit = Cantidad total a la venta
desk-link-number-wrong = Introduzca un número entero mayor que cero.
desk-link-last-day = Último día
desk-link-day-wrong = Introduzca una fecha.
desk-link-thanks = Texto de agradecimiento, tras el pago
desk-link-sold = Vendidos
desk-link-left = Quedan
desk-link-open = Abierto
desk-link-ended = Terminado
desk-link-stopped = Detenido
desk-link-stop = Detener este enlace
desk-link-reopen = Volver a abrir
desk-link-poster = Cartel para imprimir
desk-link-html = Para su página web
desk-link-sales = Pedidos
desk-link-unpaid = Sin pagar

# The desk: the counter.
counter = Mostrador
counter-none = Aún no hay botones. Escriba un importe, o pida a un propietario o encargado que añada lo que venden.
counter-pieces-of = Unidades de { $name }
counter-other = Otros
counter-keys = Teclado numérico
counter-erase = Borrar la última cifra
counter-tip = Propina
counter-tip-none = Sin propina
counter-tip-other = Otro importe
counter-tip-amount = Importe de la propina
counter-total = Total a pagar
counter-charge = Cobrar
counter-clear = Borrar
counter-empty = Elija algo o escriba un importe.
counter-pieces-wrong = Escriba un número entero de unidades, hasta 999.
counter-too-much = Es demasiado para una sola venta.
counter-gone = Esto ya no se vende. Revise lo elegido.
counter-used = Esta venta ya está hecha. No se ha cobrado nada de nuevo: elija para el siguiente cliente.
counter-offline-title = Sin conexión
counter-offline = No se puede acceder al servidor de la tienda. No se puede cobrar nada hasta que vuelva la conexión.
counter-latest = Últimas ventas
counter-scan = Escanee con una cartera Lightning
counter-next = Nueva venta
counter-cancel = Cancelar esta venta
counter-items = Botones del mostrador
counter-items-text = Lo que se vende en el mostrador: un botón cada cosa, en su categoría. Los precios incluyen el impuesto.
counter-foreign = No se muestra en el mostrador: su precio está en otra moneda.
counter-item-new = Añadir un botón
counter-category = Categoría
counter-price = Precio, impuesto incluido
counter-tax = Tipo de impuesto en %
counter-tax-hint = Vacío: los recibos que lo incluyan no dicen nada de impuestos.
counter-name-wrong = Use de 1 a 60 caracteres en una línea.
counter-tax-wrong = Escriba un porcentaje de 0 a 100, como 21.
counter-too-many = Ya hay quinientos botones.
desk-by-cashier = En el mostrador, por cajero

# The desk: signing in by a PIN at the counter.
pin = PIN
pin-choose = Elegir un PIN
pin-text = A partir de ahora, { $name } entra con este PIN en este dispositivo, y en ningún otro.
pin-hint = De 4 a 8 cifras, ni todas iguales ni seguidas.
pin-again = El PIN otra vez
pin-differs = Los dos PIN no coinciden.
pin-weak = Use de 4 a 8 cifras que no sean todas iguales ni seguidas, como 1234.
pin-of = PIN de { $name }
pin-refused = Este PIN es incorrecto. Tras cinco errores, un propietario tiene que mostrar un código nuevo para este dispositivo.
pin-scan = { $name } escanea este código con el dispositivo del mostrador y elige allí un PIN. Vale una vez, durante diez minutos.
pin-only-cashiers = Solo los cajeros entran con un PIN.
pin-invite = Configurar un dispositivo con PIN
pin-forgotten = Demasiados PIN incorrectos, o se revocó este dispositivo. Un propietario puede mostrar un código nuevo para él.
pin-device = Dispositivo con PIN
pin-paired = Configurado
pin-revoke = Revocar este dispositivo

# The desk of a sandbox.
desk-samples = Las ventas de los últimos 60 días que ve aquí son ejemplos: nadie las pagó.

# The desk’s export for DATEV.
datev-leave-out = DATEV: omitir lo que no tiene precio en euros
datev-no-euros = No hay archivo: { $count } ventas o reembolsos de este tiempo no tienen precio en euros y no se pueden contabilizar. Puede omitirlos.
datev-no-account = No hay archivo: la configuración no indica ninguna cuenta para ventas con estos tipos: { $rates } %
datev-two-years = No hay archivo: estos días son de dos ejercicios, y un archivo es de uno.
