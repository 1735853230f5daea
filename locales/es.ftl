# Every page: the frame around it.
sandbox-title = Entorno de pruebas.
sandbox-text = No es dinero real: estas facturas son para jugar.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant asks for money.
form-title = Nueva factura
form-check = Revise los datos
form-amount = Importe en satoshis
form-amount-hint = De { $minimum } a { $maximum }. Vacío: { $default }.
form-amount-fixed = Esta tienda pide { $amount } sat.
form-description = Concepto
form-description-hint = Para qué es. La cartera del comprador lo muestra. Vacío: { $default }.
form-submit = Crear factura

# What is wrong with a field.
amount-too-small = El importe mínimo es de { $minimum } sat.
amount-too-large = El importe máximo es de { $maximum } sat.
amount-not-digits = El importe debe ser un número entero de satoshis, solo con cifras.
amount-fixed = El importe es de { $amount } sat y no se puede cambiar.
description-too-long = El concepto ocupa { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; caben { $most } como máximo.
description-control = El concepto no puede contener saltos de línea ni otros caracteres de control.
description-not-text = El concepto no es un texto UTF-8 válido.
field-repeated = El campo «{ $field }» se envió más de una vez.
field-unknown = No existe el campo «{ $field }»; existen «amount» y «description».

# To pay.
pay-title = Por pagar
any-amount = Importe libre
waiting = Esperando el pago
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
pay-until = Se puede pagar hasta
follows = Esta página sigue el pago por sí sola.
check-now = Comprobar ahora
sandbox-pay = Pagar (pruebas)
stale = Ahora no se puede consultar el nodo Lightning; no se pierde ningún pago. Este era el estado el
close = Cerrar

# Paid.
paid-title = Pagada
asked-for = Importe pedido
paid-at = Pagada el
onward = Volver a la tienda
order = Pedido
paid-to = Pagada a
payment-hash = Hash del pago
print = Imprimir o guardar el recibo
proof-title = Prueba de pago
proof-hint = Su cartera guarda una preimagen de este pago. Péguela aquí para ver que corresponde a esta factura.
proof-preimage = Preimagen
proof-check = Comparar
proof-matches = Coincide: esta preimagen demuestra el pago.
proof-differs = No coincide: esta preimagen es de otro pago.
proof-not-hex = Una preimagen tiene 64 caracteres, del 0 al 9 y de la a a la f.
proven-title = Pago demostrado
proven-text = La preimagen es la correcta: esta factura se pagó. Pero el nodo Lightning de la tienda no tiene registrado el pago. No pague otra vez; avise a la tienda y muéstrele la preimagen y el hash del pago.

# Expired.
expired-title = Caducada
expired-text = El plazo para pagar esta factura ha terminado. Por favor, ya no la pague.
renew = Obtener una factura nueva
renewed-text = Hay una factura nueva para este pedido.
renewed-open = Ir a la factura nueva
cancelled-text = La tienda ha anulado esta factura.
expired-proof = ¿Ya había pagado? Su cartera puede demostrarlo.
closed-text = Aquí no se emite una factura nueva. Si aún desea pagar, pida una nueva a la tienda.

# Trouble: a heading, what it means and what to do next.
try-again = Intentarlo ahora
asks-again = Esta página vuelve a intentarlo por sí sola.
front-page = A la página de inicio
request-id = Número de esta solicitud
trouble-not-found = Compruebe la dirección o empiece desde la página de inicio.
    .title = Esta página no existe
trouble-invoice-not-found = Compruebe el enlace: cada carácter cuenta.
    .title = Esta factura no existe
trouble-invoice-not-payable = Está pagada o caducada y ya no debe pagarse.
    .title = Esta factura está cerrada
trouble-invoice-not-renewable = Aquí no se puede sustituir por una nueva. Diríjase a la tienda.
    .title = Esta factura no se puede renovar
trouble-method-not-allowed = El método de esta solicitud no se admite aquí.
    .title = Esta dirección funciona de otra manera
trouble-unsupported-media-type = Envíe los campos como application/x-www-form-urlencoded.
    .title = No se ha podido leer
trouble-bad-request = La solicitud se interrumpió o no está bien formada.
    .title = No se ha podido leer
trouble-body-too-large = La solicitud supera los 64 KiB.
    .title = No se ha podido leer
trouble-request-timeout = La solicitud no llegó a tiempo. Envíela de nuevo.
    .title = Ha tardado demasiado
trouble-rate-limited = Hubo demasiadas solicitudes en poco tiempo. No se pierde nada: espere un minuto e inténtelo de nuevo.
    .title = Demasiadas solicitudes
trouble-too-many-unpaid = Hay muchas facturas pendientes de pago, así que por ahora no se crean más aquí. No se pierde nada: inténtelo de nuevo en unos minutos.
    .title = Demasiadas facturas sin pagar
trouble-overloaded = Hay demasiados visitantes a la vez. No se pierde nada: inténtelo de nuevo en unos segundos.
    .title = Hay mucha actividad aquí
trouble-cross-site = Este formulario se envió desde otro sitio web. Abra la página aquí y envíelo desde ella.
    .title = Enviado desde otro sitio
trouble-form-off = Esta tienda crea ella misma sus facturas. Pídale un enlace para pagar.
    .title = Aquí no hay formulario
trouble-invalid =
    .title = Hay algo que corregir
trouble-node-unreachable = No se puede contactar con el nodo Lightning. Lo que ya se pagó está a salvo y aparecerá. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-timeout = El nodo Lightning no respondió a tiempo. Lo que ya se pagó está a salvo y aparecerá. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-busy = El nodo Lightning está ocupado. Inténtelo de nuevo en unos segundos.
    .title = El nodo Lightning no está disponible
trouble-node-refused = El nodo Lightning rechazó la solicitud. Inténtelo de nuevo o avise a la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-malformed = El nodo Lightning no dio una respuesta utilizable. Inténtelo de nuevo o avise a la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-replaced = Este nodo Lightning no es el de las facturas de esta tienda. Avise a la tienda.
    .title = El nodo Lightning no está disponible
trouble-node-not-followed = Las novedades del nodo Lightning aún no llegan; el registro dice por qué.
    .title = El nodo Lightning no está disponible
trouble-store-failed = La tienda no puede guardar sus registros en este momento. Lo que ya se pagó está a salvo. Inténtelo de nuevo o avise a la tienda.
    .title = No se puede guardar nada
trouble-internal = Inténtelo de nuevo. Si continúa así, avise a la tienda e indique el número de abajo.
    .title = Algo ha fallado por nuestra parte
