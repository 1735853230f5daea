# Every page: the frame around it.
sandbox-title = Ambiente de testes.
sandbox-text = Não é dinheiro real: estas faturas são para experimentar.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant asks for money.
form-title = Nova fatura
form-check = Verifique os dados
form-amount = Valor em satoshis
form-amount-hint = De { $minimum } a { $maximum }. Vazio: { $default }.
form-amount-fixed = Esta loja pede { $amount } sat.
form-description = Descrição
form-description-hint = Para que é. A carteira do comprador mostra-a. Vazio: { $default }.
form-submit = Criar fatura

# What is wrong with a field.
amount-too-small = O valor mínimo é de { $minimum } sat.
amount-too-large = O valor máximo é de { $maximum } sat.
amount-not-digits = O valor deve ser um número inteiro de satoshis, apenas com algarismos.
amount-fixed = O valor é de { $amount } sat e não pode ser alterado.
description-too-long = A descrição ocupa { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; cabem no máximo { $most }.
description-control = A descrição não pode conter quebras de linha nem outros caracteres de controle.
description-not-text = A descrição não é um texto UTF-8 válido.
field-repeated = O campo “{ $field }” foi enviado mais de uma vez.
field-unknown = Não existe o campo “{ $field }”; existem “amount” e “description”.

# To pay.
pay-title = A pagar
any-amount = Valor livre
waiting = À espera do pagamento
qr-code = Código QR
open-wallet = Abrir na carteira
choose-wallet = Escolher uma carteira
pay-in-browser = Pagar com a carteira do navegador
invoice-text = Fatura Lightning
copy = Copiar a fatura
copied = Copiada
time-left = Tempo restante
minutes-left = { $minutes ->
        [one] Falta { $minutes } minuto para pagar
       *[other] Faltam { $minutes } minutos para pagar
    }
pay-until = Pode ser paga até
follows = Esta página acompanha o pagamento sozinha.
check-now = Verificar agora
sandbox-pay = Pagar (testes)
stale = Neste momento não é possível consultar o nó Lightning; nenhum pagamento se perde. Este era o estado em
close = Fechar

# Paid.
paid-title = Paga
asked-for = Valor pedido
paid-at = Paga em
onward = Continuar para a loja
order = Encomenda
paid-to = Paga a
payment-hash = Hash do pagamento
print = Imprimir ou guardar o recibo
proof-title = Prova de pagamento
proof-hint = A sua carteira guarda uma pré-imagem deste pagamento. Cole-a aqui para ver que pertence a esta fatura.
proof-preimage = Pré-imagem
proof-check = Comparar
proof-matches = Confere: esta pré-imagem prova o pagamento.
proof-differs = Não confere: esta pré-imagem é de outro pagamento.
proof-not-hex = Uma pré-imagem tem 64 caracteres, de 0 a 9 e de a a f.
proven-title = Pagamento provado
proven-text = A pré-imagem é a certa: esta fatura foi paga. Mas o nó Lightning da loja não tem o pagamento registado. Não pague outra vez; avise a loja e mostre-lhe a pré-imagem e o hash do pagamento.

# Expired.
expired-title = Expirada
expired-text = O prazo para pagar esta fatura terminou. Por favor, não a pague mais.
renew = Obter uma nova fatura
renewed-text = Há uma nova fatura para este pedido.
renewed-open = Ir para a nova fatura
cancelled-text = A loja anulou esta fatura.
expired-proof = Já tinha pago? A sua carteira pode prová-lo.
closed-text = Aqui não é emitida uma nova fatura. Se ainda quiser pagar, peça uma nova à loja.

# Trouble: a heading, what it means and what to do next.
try-again = Tentar agora
asks-again = Esta página volta a tentar sozinha.
front-page = Para a página inicial
request-id = Número deste pedido
trouble-not-found = Verifique o endereço ou comece pela página inicial.
    .title = Esta página não existe
trouble-invoice-not-found = Verifique o link: cada caractere conta.
    .title = Esta fatura não existe
trouble-invoice-not-payable = Está paga ou expirada e já não deve ser paga.
    .title = Esta fatura está encerrada
trouble-invoice-not-renewable = Não pode ser substituída aqui por uma nova. Contacte a loja, por favor.
    .title = Esta fatura não pode ser renovada
trouble-method-not-allowed = O método deste pedido não é permitido aqui.
    .title = Este endereço funciona de outra forma
trouble-unsupported-media-type = Envie os campos como application/x-www-form-urlencoded.
    .title = Não foi possível ler
trouble-bad-request = O pedido foi interrompido ou está mal formado.
    .title = Não foi possível ler
trouble-body-too-large = O pedido tem mais de 64 KiB.
    .title = Não foi possível ler
trouble-request-timeout = O pedido não chegou a tempo. Envie-o novamente.
    .title = Demorou demais
trouble-rate-limited = Houve demasiados pedidos em pouco tempo. Nada se perde: espere um minuto e tente de novo.
    .title = Demasiados pedidos
trouble-too-many-unpaid = Há muitas faturas à espera de pagamento, por isso de momento não se criam mais aqui. Nada se perde: tente de novo daqui a alguns minutos.
    .title = Demasiadas faturas por pagar
trouble-overloaded = Há demasiados visitantes ao mesmo tempo. Nada se perde: tente de novo daqui a alguns segundos.
    .title = Há muito movimento aqui
trouble-cross-site = Este formulário foi enviado a partir de outro site. Abra a página aqui e envie-o a partir dela.
    .title = Enviado a partir de outro site
trouble-form-off = Esta loja cria ela mesma as suas faturas. Peça-lhe um link para pagar.
    .title = Aqui não há formulário
trouble-invalid =
    .title = Há algo a corrigir
trouble-node-unreachable = Não é possível contactar o nó Lightning. O que já foi pago está seguro e vai aparecer. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-timeout = O nó Lightning não respondeu a tempo. O que já foi pago está seguro e vai aparecer. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-busy = O nó Lightning está ocupado. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-refused = O nó Lightning recusou o pedido. Tente de novo ou avise a loja.
    .title = O nó Lightning não está disponível
trouble-node-malformed = O nó Lightning não deu uma resposta utilizável. Tente de novo ou avise a loja.
    .title = O nó Lightning não está disponível
trouble-node-replaced = Este nó Lightning não é o das faturas desta loja. Por favor, avise a loja.
    .title = O nó Lightning não está disponível
trouble-node-not-followed = As novidades do nó Lightning ainda não chegam; o registo diz porquê.
    .title = O nó Lightning não está disponível
trouble-store-failed = A loja não consegue guardar os seus registos neste momento. O que já foi pago está seguro. Tente de novo ou avise a loja.
    .title = Nada pode ser guardado
trouble-internal = Tente de novo. Se continuar assim, avise a loja, com o número abaixo.
    .title = Algo falhou do nosso lado
