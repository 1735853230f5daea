# Every page: the frame around it.
sandbox-title = Modo de teste.
sandbox-text = Não é dinheiro real: estas faturas são de teste.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant asks for money.
form-title = Nova fatura
form-check = Verifique os dados
form-amount = Valor em satoshis
form-amount-hint = De { $minimum } a { $maximum } sat. Por padrão: { $default }.
form-amount-fixed = Esta loja pede { $amount } sat.
form-description = Descrição
form-description-hint = A finalidade do pagamento. Aparece na carteira do comprador. Por padrão: “{ $default }”.
form-submit = Criar fatura

# What is wrong with a field.
amount-too-small = O valor mínimo é de { $minimum } sat.
amount-too-large = O valor máximo é de { $maximum } sat.
amount-not-digits = Indique o valor como número inteiro de satoshis, apenas com algarismos.
amount-fixed = O valor é de { $amount } sat e não pode ser alterado.
description-too-long = A descrição ocupa { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; cabem no máximo { $most }.
description-control = A descrição não pode conter quebras de linha nem outros caracteres de controle.
description-not-text = A descrição não é um texto UTF-8 válido.
field-repeated = O campo “{ $field }” foi enviado mais de uma vez.
field-unknown = Não existe o campo “{ $field }”; os campos são “amount” e “description”.

# To pay.
pay-title = Pagar esta fatura
any-amount = O valor é à sua escolha
waiting = Aguardando o pagamento
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
span-days = { $days ->
        [one] { $days } dia
       *[other] { $days } dias
    }
span-hours = { $hours ->
        [one] { $hours } hora
       *[other] { $hours } horas
    }
span-minutes = { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    }
span-both = { $larger } e { $smaller }
pay-until = Pague até
follows = Esta página é atualizada automaticamente.
check-now = Verificar agora
sandbox-pay = Pagar (teste)
stale = Neste momento não é possível contactar o nó Lightning. Nenhum pagamento se perde. Último estado conhecido, em
close = Fechar
node-warns = O nó Lightning avisa que talvez não seja possível pagar esta fatura:
show-receipt = Ver o recibo
show-page-again = Atualizar a página

# Paid.
paid-title = Paga
asked-for = Valor solicitado
paid-at = Paga em
onward = Voltar para { $shop }
order = Encomenda
paid-to = Paga a
payment-hash = Hash do pagamento
print = Imprimir ou salvar o recibo
proof-title = Prova de pagamento
proof-hint = A sua carteira guarda uma pré-imagem deste pagamento. Cole-a aqui para verificar se pertence a esta fatura.
proof-preimage = Pré-imagem
proof-check = Comparar
proof-matches = Confere: esta pré-imagem prova o pagamento.
proof-differs = Não confere: esta pré-imagem é de outro pagamento.
proof-not-hex = Uma pré-imagem tem 64 caracteres, de 0 a 9 e de a a f.
proven-title = Pagamento provado
proven-text = A pré-imagem é a certa: esta fatura foi paga. Mas o nó Lightning da loja não tem o pagamento registado. Não pague outra vez; avise a loja e mostre-lhe a pré-imagem e o hash do pagamento.

# Expired, or cancelled.
expired-title = Expirada
expired-text = Esta fatura expirou. Por favor, não a pague.
renew = Obter uma nova fatura
renewed-text = Há uma nova fatura para esta encomenda.
renewed-open = Ir para a nova fatura
cancelled-text = A loja cancelou esta fatura. Por favor, não a pague.
expired-proof = Já tinha pago? A sua carteira pode prová-lo.
closed-text = Aqui não é emitida uma nova fatura. Se ainda quiser pagar, peça uma nova à loja.
cancelled-title = Cancelada

# Trouble: a heading, what it means and what to do next.
try-again = Tentar agora
asks-again = Esta página tenta de novo automaticamente.
front-page = Ir para a página inicial
request-id = Referência
trouble-not-found = Verifique o endereço ou comece pela página inicial.
    .title = Página não encontrada
trouble-invoice-not-found = Verifique se copiou o link completo.
    .title = Fatura não encontrada
trouble-invoice-not-payable = Está paga, expirada ou cancelada. Por favor, não a pague de novo.
    .title = Esta fatura está encerrada
trouble-invoice-not-renewable = Não pode ser substituída aqui por uma nova. Contacte a loja, por favor.
    .title = Esta fatura não pode ser renovada
trouble-method-not-allowed = Este endereço não aceita este tipo de solicitação.
    .title = Esta página não pode ser aberta diretamente
trouble-unsupported-media-type = Envie os campos como application/x-www-form-urlencoded.
    .title = Não foi possível ler
trouble-bad-request = A solicitação foi interrompida ou está mal formada.
    .title = Não foi possível ler
trouble-body-too-large = A solicitação tem mais de 64 KiB.
    .title = Não foi possível ler
trouble-request-timeout = A solicitação não chegou a tempo. Envie-a novamente.
    .title = Demorou demais
trouble-rate-limited = Muitas solicitações em pouco tempo. Nada se perde: espere um minuto e tente de novo.
    .title = Muitas solicitações
trouble-too-many-unpaid = Há muitas faturas à espera de pagamento, por isso não são criadas novas por enquanto. Nada se perde: tente de novo em alguns minutos.
    .title = Muitas faturas por pagar
trouble-overloaded = Há muitos visitantes ao mesmo tempo. Nada se perde: tente de novo em alguns segundos.
    .title = Há muito movimento agora
trouble-cross-site = Este formulário foi enviado a partir de outro site. Abra a página aqui e envie-o a partir dela.
    .title = Enviado a partir de outro site
trouble-form-off = Esta loja cria as suas próprias faturas. Peça-lhe um link de pagamento.
    .title = Aqui não há formulário
trouble-invalid =
    .title = Há algo a corrigir
trouble-node-unreachable = Não é possível contactar o nó Lightning. Se já pagou, o seu pagamento está seguro e vai aparecer aqui. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-timeout = O nó Lightning não respondeu a tempo. Se já pagou, o seu pagamento está seguro e vai aparecer aqui. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-busy = O nó Lightning está ocupado. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-refused = O nó Lightning recusou a solicitação. Tente de novo ou entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-malformed = O nó Lightning não deu uma resposta utilizável. Tente de novo ou entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-replaced = Este nó Lightning não é o das faturas desta loja. Entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-not-followed = As atualizações do nó Lightning ainda não estão chegando. Se já pagou, o seu pagamento está seguro e vai aparecer aqui.
    .title = O nó Lightning não está disponível
trouble-store-failed = A loja não consegue salvar os seus registros neste momento. Se já pagou, o seu pagamento está seguro. Tente de novo ou entre em contato com a loja.
    .title = Não é possível salvar agora
trouble-internal = Tente de novo. Se o problema continuar, entre em contato com a loja e informe a referência abaixo.
    .title = Algo falhou do nosso lado
