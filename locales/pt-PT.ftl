# Every page: the frame around it.
sandbox-title = Modo de teste.
sandbox-text = Sem dinheiro real: estas faturas são de teste.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant creates an invoice.
form-title = Nova fatura
form-check = Verifique os dados
form-amount = Montante em satoshis
form-amount-hint = De { $minimum } a { $maximum } sat. Por omissão: { $default }.
form-amount-plain = Montante
form-currency = Moeda
form-amount-hint-currencies = De { $minimum } a { $maximum } sat, ou o equivalente noutra moeda.
form-amount-fixed = Esta loja cobra { $amount } sat.
form-description = Descrição
form-description-hint = A finalidade do pagamento. É apresentada na carteira do comprador. Por omissão: «{ $default }».
form-submit = Criar fatura

# Errors of a field.
amount-too-small = O montante mínimo é de { $minimum } sat.
amount-too-large = O montante máximo é de { $maximum } sat.
amount-not-digits = Introduza o montante como número inteiro de satoshis, apenas com algarismos.
amount-missing = Indique o montante.
amount-not-money = Indique o montante em { $currency } como um número, por exemplo { $example }.
currency-not-offered = Esta moeda não está disponível aqui. Escolha outra.
amount-fixed = O montante é de { $amount } sat e não pode ser alterado.
description-too-long = A descrição ocupa { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; o máximo é { $most }.
description-control = A descrição não pode conter quebras de linha nem outros carateres de controlo.
description-not-text = A descrição não é um texto UTF-8 válido.
field-repeated = O campo «{ $field }» foi enviado mais de uma vez.
field-unknown = O campo «{ $field }» não existe; os campos são «amount» e «description».

# Unpaid.
pay-title = Pagar esta fatura
any-amount = O montante fica à sua escolha
rate-of = Taxa de câmbio de
waiting = A aguardar o pagamento
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
pay-until = Pagar até
follows = Esta página é atualizada automaticamente.
check-now = Verificar agora
sandbox-pay = Pagar (teste)
stale = Neste momento não é possível contactar o nó Lightning. Nenhum pagamento se perde. Último estado conhecido, em
close = Fechar
node-warns = O nó Lightning avisa que talvez não seja possível pagar esta fatura:
show-receipt = Ver o recibo
show-page-again = Atualizar a página

# The payment is held until the shop takes it or sends it back.
accepted-title = Pagamento autorizado
accepted-text = O montante está reservado, mas ainda não foi cobrado. A loja irá cobrá-lo ou devolvê-lo na íntegra. Até lá, a sua carteira pode mostrar o pagamento como pendente.

# Paid.
paid-title = Paga
asked-for = Montante pedido
paid-at = Paga em
receipt-number = Número do recibo
rate-source = Fonte da cotação
tax-rate = Taxa de imposto
tax-net = Líquido
tax = Imposto
receipt-tip = Da qual gorjeta
receipt-discount = Desconto
receipt-tax-id = Número fiscal
refunded-part = Reembolsado em parte
refunded-whole = Reembolsado na totalidade
onward = Voltar a { $shop }
order = Encomenda
paid-to = Paga a
payment-hash = Hash do pagamento
print = Imprimir ou guardar o recibo
proof-title = Comprovativo de pagamento
proof-hint = A sua carteira guarda a pré-imagem deste pagamento. Cole-a aqui para verificar se pertence a esta fatura.
proof-preimage = Pré-imagem
proof-check = Comparar
proof-matches = Corresponde: esta pré-imagem comprova o pagamento.
proof-differs = Não corresponde: esta pré-imagem é de outro pagamento.
proof-not-hex = Uma pré-imagem tem 64 carateres, de 0 a 9 e de a a f.
proven-title = Pagamento comprovado
proven-text = A pré-imagem está correta: esta fatura foi paga. Mas o nó Lightning da loja não tem registo do pagamento. Não pague outra vez; avise a loja e mostre-lhe a pré-imagem e o hash do pagamento.

# Expired, or cancelled.
expired-title = Expirada
expired-text = Esta fatura expirou. Por favor, não a pague.
renew = Obter uma nova fatura
renewed-text = Há uma nova fatura para esta encomenda.
renewed-open = Ir para a nova fatura
cancelled-text = A loja cancelou esta fatura. Por favor, não a pague.
cancelled-held-text = A loja cancelou esta fatura. Nada foi cobrado.
expired-proof = Já tinha pago? A sua carteira pode comprová-lo.
closed-text = Não é possível obter aqui uma nova fatura. Se ainda quiser pagar, peça uma nova à loja.
cancelled-title = Cancelada

# Errors: a heading, what it means and what to do next.
try-again = Tentar agora
asks-again = Esta página tenta de novo automaticamente.
front-page = Ir para a página inicial
request-id = Referência
trouble-not-found = Verifique o endereço ou comece pela página inicial.
    .title = Página não encontrada
trouble-invoice-not-found = Verifique se copiou a ligação completa.
    .title = Fatura não encontrada
trouble-invoice-not-payable = Foi paga, expirou ou foi cancelada. Por favor, não a pague de novo.
    .title = Esta fatura está encerrada
trouble-invoice-not-renewable = Não pode ser substituída aqui por uma nova. Por favor, contacte a loja.
    .title = Esta fatura não pode ser renovada
trouble-method-not-allowed = Este endereço não aceita este tipo de pedido.
    .title = Esta página não pode ser aberta diretamente
trouble-unsupported-media-type = Envie os campos como application/x-www-form-urlencoded.
    .title = Não foi possível ler os dados
trouble-bad-request = O pedido foi interrompido ou está mal formado.
    .title = Não foi possível ler os dados
trouble-body-too-large = O pedido tem mais de 64 KiB.
    .title = Não foi possível ler os dados
trouble-request-timeout = O pedido não chegou a tempo. Por favor, envie-o de novo.
    .title = Demorou demasiado
trouble-rate-limited = Demasiados pedidos em pouco tempo. Nada se perdeu: aguarde um minuto e tente de novo.
    .title = Demasiados pedidos
trouble-too-many-unpaid = Há demasiadas faturas a aguardar pagamento, por isso não são criadas novas por agora. Nada se perdeu: tente de novo dentro de alguns minutos.
    .title = Demasiadas faturas por pagar
trouble-overloaded = Demasiados visitantes ao mesmo tempo. Nada se perdeu: tente de novo dentro de alguns segundos.
    .title = Há muita afluência neste momento
trouble-cross-site = Este formulário foi enviado a partir de outro site. Abra a página aqui e envie-o a partir dela.
    .title = Enviado a partir de outro site
trouble-form-off = Esta loja cria as suas próprias faturas. Peça à loja uma ligação de pagamento.
    .title = Aqui não há formulário
trouble-invalid =
    .title = Há algo a corrigir
trouble-no-rate = Neste momento não há uma taxa de câmbio fiável, pelo que não foi criada nenhuma fatura. Tente de novo dentro de um minuto.
    .title = Sem taxa de câmbio neste momento
trouble-node-unreachable = Não é possível contactar o nó Lightning. Se já pagou, o seu pagamento está seguro e será apresentado aqui. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-timeout = O nó Lightning não respondeu a tempo. Se já pagou, o seu pagamento está seguro e será apresentado aqui. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-busy = O nó Lightning está ocupado. Tente de novo dentro de alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-refused = O nó Lightning recusou o pedido. Tente de novo ou contacte a loja.
    .title = O nó Lightning não está disponível
trouble-node-malformed = O nó Lightning não deu uma resposta utilizável. Tente de novo ou contacte a loja.
    .title = O nó Lightning não está disponível
trouble-node-replaced = Este nó Lightning não é o que tem as faturas desta loja. Por favor, contacte a loja.
    .title = O nó Lightning não está disponível
trouble-node-not-followed = As atualizações do nó Lightning ainda não estão a chegar. Se já pagou, o seu pagamento está seguro e será apresentado aqui.
    .title = O nó Lightning não está disponível
trouble-store-failed = Neste momento, a loja não consegue guardar os seus registos. Se já pagou, o seu pagamento está seguro. Tente de novo ou contacte a loja.
    .title = Não é possível guardar agora
trouble-internal = Tente de novo. Se o problema persistir, contacte a loja e indique a referência abaixo.
    .title = Algo correu mal do nosso lado

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = Um texto curto, no máximo com 24 caracteres.
reveal-text = Um texto ({ $size }).
reveal-file = Um ficheiro: { $name } ({ $size }).
reveal-how = Recebe uma fatura. Assim que estiver paga, a página mostra o que comprou.
reveal-wallet-how = Digitalize o código com uma carteira Lightning ou abra-o numa neste dispositivo. O código pode voltar a ser usado.
reveal-word-warning = O texto faz parte do próprio pagamento: todos os nós que encaminham o seu pagamento podem lê-lo.
reveal-sold-out = Esgotado.
reveal-buy = Comprar
reveal-again = Comprar de novo
sold-title = A sua compra
sold-download = Transferir
sold-sealed = Transferir encriptado
sold-sealed-hint = O recibo da sua carteira para este pagamento, a pré-imagem, abre o ficheiro encriptado, mesmo sem esta loja: facture reveal open FICHEIRO PREIMAGE
trouble-item-not-found = Verifique o endereço. Talvez já não esteja à venda.
    .title = Não está à venda
trouble-sold-out = Está tudo vendido ou reservado. Não foi criada nenhuma fatura e nada foi cobrado. Uma reserva que não é paga fica livre passado algum tempo.
    .title = Esgotado
trouble-link-closed = Já não é possível encomendar nada aqui, ou não tanto. Não foi criada nenhuma fatura.
    .title = Já não está disponível
trouble-payment-required = Poderá transferi-lo assim que a fatura estiver paga.
    .title = Ainda não paga

# Offers: the page of a code that is paid again and again.
offer-title = Pagar a esta loja
offer-how = Leia este código com uma carteira que pague ofertas (BOLT 12). Pode ser pago várias vezes.
offer-note = A sua carteira pode enviar uma nota à loja com o pagamento.
offer-text = Oferta Lightning
offer-copy = Copiar a oferta
offer-print = Imprimir este código
offer-over-title = Já não é válido
offer-over-text = Este código já não pode ser pago. Peça um novo à loja.
payer-note = Nota para a loja
trouble-offer-not-found = Verifique se copiou a ligação completa.
    .title = Oferta não encontrada

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = Como pagar
way-lightning = Lightning
way-any = Qualquer carteira
way-any-hint = Para carteiras que não leem o outro código.
way-text = Ligação de pagamento
way-copy = Copiar ligação

# The merchant’s desk: signing in, accounts, users.
desk-skip = Saltar para o conteúdo
desk-sections = Secções
desk-sign-in = Iniciar sessão
desk-sign-out = Terminar sessão
desk-sign-in-refused = Nome de utilizador, palavra-passe ou código incorretos.
desk-demo = Entrar como proprietário de demonstração
desk-demo-text = No ambiente de testes não precisa de palavra-passe.
desk-user-name = Nome de utilizador
desk-password = Palavra-passe
desk-code = Código da sua aplicação de autenticação
desk-code-hint = Deixe em branco se não usa nenhuma. Um código de recuperação também serve.
desk-code-wrong = O código está errado ou é demasiado antigo. Introduza o que a aplicação mostra agora.
desk-welcome = Escolha a sua palavra-passe
desk-welcome-text = Foi adicionado ao painel desta loja. Assim que definir uma palavra-passe, esta ligação deixa de funcionar.
desk-password-new = Nova palavra-passe
desk-password-hint = Pelo menos 10 carateres.
desk-password-again = Repita a nova palavra-passe
desk-password-present = Palavra-passe atual
desk-password-set = Guardar palavra-passe
desk-password-change = Alterar palavra-passe
desk-password-differs = As duas palavras-passe são diferentes.
desk-password-short = A palavra-passe é demasiado curta: pelo menos 10 carateres.
desk-password-long = A palavra-passe é demasiado longa: no máximo 200 bytes.
desk-password-name = A palavra-passe não pode ser o seu nome de utilizador.
desk-password-wrong = Essa não é a sua palavra-passe atual.
desk-account = A minha conta
desk-role = Função
desk-role-owner = Proprietário
desk-role-manager = Gerente
desk-role-cashier = Caixa
desk-role-accountant = Contabilista
desk-second-factor = Aplicação de autenticação
desk-second-factor-text = Com uma aplicação de autenticação, ninguém entra só com a sua palavra-passe.
desk-second-factor-scan = Leia este código com a aplicação ou escreva nela o texto abaixo. Depois introduza o código que ela mostrar.
desk-second-factor-on = Ativar
desk-second-factor-off = Desativar
desk-second-factor-is-on = Aplicação de autenticação: ativada
desk-second-factor-is-off = Aplicação de autenticação: desativada
desk-recovery = Códigos de recuperação
desk-recovery-text = Guarde estes códigos num local seguro: não voltam a ser mostrados. Cada um serve uma vez em vez da aplicação, se perder o telemóvel.
desk-recovery-kept = Já os guardei
desk-recovery-left = { $left ->
        [one] Resta { $left } código de recuperação.
       *[other] Restam { $left } códigos de recuperação.
    }
desk-sessions = Sessões
desk-session-own = Este navegador
desk-session-began = Início
desk-session-seen = Última utilização
desk-session-end = Terminar esta sessão
desk-users = Utilizadores
desk-user-add = Adicionar utilizador
desk-user-change = Alterar
desk-user-role-set = Alterar função
desk-user-reset = Repor palavra-passe
desk-user-remove = Remover
desk-user-waiting = Ainda não usou a ligação de utilização única
desk-user-invited = Entregue esta ligação de utilização única a { $name }. É válida durante três dias e não volta a ser mostrada.
desk-user-name-hint = 1 a 40 carateres: a-z, 0-9 e . _ - @
desk-user-name-invalid = Um nome de utilizador tem 1 a 40 carateres: a-z, 0-9 e . _ - @
desk-user-name-taken = Já existe um utilizador com esse nome.
desk-user-not-found = Esse utilizador já não existe.
desk-user-last-owner = Este é o único proprietário que pode entrar. Torne primeiro outra pessoa proprietária.
desk-user-own = Altere a sua própria palavra-passe em «A minha conta».
desk-roles-text = Os proprietários podem tudo. Os gerentes gerem a loja: cancelam faturas, recebem pagamentos retidos e pedem reembolsos. Os operadores de caixa veem as vendas das últimas 24 horas. Os contabilistas veem todas as vendas e não mudam nada. Ninguém pode gastar dinheiro aqui.
desk-audit = Registo de atividade
desk-audit-text = Quem fez o quê no painel, do mais recente para o mais antigo. Nada pode ser alterado.
desk-when = Quando
desk-who = Quem
desk-what = O quê
desk-subject = Objeto
desk-address = Endereço
desk-older = Registos anteriores
trouble-right-missing = A sua função não o permite. Fale com um proprietário da loja.
    .title = Sem permissão
trouble-link-used = Foi usada, substituída por outra ou é demasiado antiga. Peça uma nova a um proprietário da loja.
    .title = Esta ligação já não funciona

# The desk: payments, and one sale.
desk-payments = Pagamentos
desk-search-for = Pesquisar por
desk-search-hint = Número da encomenda, texto, hash do pagamento, fatura ou identificador. Um montante em sat ou com a moeda, como 12,50 EUR, encontra o que difere até 1 %.
desk-search = Pesquisar
desk-search-clear = Mostrar tudo
desk-state = Estado
desk-all = Todos
desk-channel = Vendido por
desk-from = Criado a partir de
desk-to = Criado até
desk-sees-a-day = A sua função mostra as vendas das últimas 24 horas.
desk-search-too-long = Este texto é demasiado longo para pesquisar.
desk-search-instead = Ou pesquisar por:
desk-found-none = Nada encontrado.
desk-found-order = A encomenda “{ $text }”
desk-found-hash = O pagamento com este hash
desk-found-amount = Montantes de { $from } a { $to } sat
desk-totals-part = Estas somas são apenas das vendas mais recentes: as mais antigas desta lista não estão incluídas.
desk-found-worth = Pagamentos no valor de { $from } a { $to }
desk-found-text = Vendas com o texto “{ $text }”
desk-search-stopped = Para não demorar, a pesquisa parou em { $time }. As vendas mais antigas não foram examinadas.
desk-search-on = Pesquisar mais para trás
desk-open = Em aberto
desk-channel-form = Formulário
desk-channel-reveal = Bens digitais
desk-channel-address = Endereço Lightning
desk-channel-paywall = Acesso pago
desk-sale = Venda
desk-received = Recebido
desk-over = A mais do que o pedido
desk-price = Preço
desk-created = Criado
desk-renewal-of = No lugar de
desk-label = Identificador
desk-metadata = Dados da loja
desk-buyer-page = Abrir a página do comprador
desk-capture = Receber o pagamento
desk-capture-by-api = A pré-imagem deste pagamento está com a loja: receba-o pela API.
desk-send-back = Devolver o pagamento
desk-cancel-invoice = Cancelar fatura
desk-refunds = Reembolsos
desk-refunded = Reembolsado
desk-refund-pending = A caminho
desk-refundable = Pode ser reembolsado
desk-refund-order = Pedir um reembolso
desk-refund-text = Isto regista uma ordem. O pagador, um programa à parte, paga-a dentro dos seus limites. Aqui nada pode ser pago.
desk-refund-to = Fatura, oferta ou endereço Lightning do comprador
desk-refund-reason = Motivo
desk-refund-destination = Isto não pode ser pago. Indique uma fatura ainda válida que não seja desta loja, uma oferta ou um endereço Lightning.
desk-refund-reason-long = O motivo é demasiado longo: no máximo 500 bytes numa linha.
desk-refund-ordered = Um pagamento para esta fatura ou com este formulário já foi pedido.
desk-refund-too-many = Há demasiados pagamentos em espera. Tente mais tarde.
desk-waits-payer = Aguarda um pagador: nenhum está em execução.
desk-waits-approval = Aguarda uma aprovação.
desk-note = A nossa nota
desk-note-none = Não há nota.
desk-note-hint = Os compradores não a veem. Esvazie-a para a remover.
desk-note-save = Guardar nota
desk-note-invalid = Uma nota tem no máximo { $most } bytes e nenhum carácter de controlo.
desk-timeline = Histórico
desk-deliveries = Enviado a webhooks
desk-deliveries-none = Nada foi enviado sobre esta venda.
desk-attempts = { $count ->
        [one] { $count } tentativa
       *[other] { $count } tentativas
    }
desk-delivery-next = Próxima tentativa
desk-redeliver = Enviar de novo
desk-hold-expiring = O pagamento retido tem de ser decidido em breve
desk-delivery-pending = Em espera
desk-delivery-delivered = Entregue
desk-delivery-dropped = Descartado
desk-failed = Falhou
desk-payout-ordered = Pedido
desk-payout-approved = Aprovado
desk-payout-paying = A ser pago
desk-payout-unknown = Resultado ainda desconhecido

# The desk’s first page: today.
desk-today = Hoje
desk-nobody-can-pay = Ninguém consegue pagar: o nó não tem espaço para receber. Precisa de canais com liquidez de entrada.
desk-sales = Vendas
desk-open-invoices = Faturas em aberto
desk-expired-today = Criadas hoje, não pagas
desk-receivable = Pode ser recebido
desk-not-known = Não se sabe
desk-node = Nó Lightning
desk-node-well = Ligado
desk-node-syncing = A acompanhar a cadeia
desk-node-away = Inacessível
desk-webhooks = Avisos a programas
desk-webhooks-well = Nenhuma falha
desk-webhooks-failing = Não chegam a:
desk-webhooks-off = Desativados:
desk-by-hour = Recebido por hora e canal
desk-chart-text = Uma barra para cada hora do dia. A tabela abaixo tem os números.
desk-as-table = Como tabela
desk-hour = Hora
desk-latest = Últimos pagamentos
desk-updated = A página foi atualizada.

# Closing of a day, desk/closing.html.
desk-closing = Fecho
desk-closing-text = O total deste período. Só é somado o que está guardado; o que não se sabe é contado, não estimado.
desk-show = Mostrar
desk-day-before = O dia anterior
desk-day-after = O dia seguinte
desk-fees = Taxas pagas
desk-without-worth = Vendas cujo valor não é conhecido
desk-tips = Gorjetas, incluídas nos preços
desk-discounts = Descontos concedidos
desk-by-channel = Por canal
desk-by-tax = Por taxa de imposto
desk-currency = Moeda
desk-gross = Bruto
desk-without-tax = Vendas sem linhas de imposto
desk-receipts = Números de recibo
desk-receipt-first = Primeiro
desk-receipt-last = Último

# The desk’s exports.
desk-exports = Exportações
desk-exports-text = O que foi recebido e reembolsado num período, uma linha cada. O ficheiro só tem o que está guardado; os milissatoshis são exatos.
desk-paid-from = Pago a partir de
desk-paid-to = Pago até
desk-separator = Forma do ficheiro CSV
desk-separator-comma = Vírgulas entre células, pontos decimais
desk-separator-semicolon = Ponto e vírgula entre células, vírgulas decimais
desk-exports-zone = Os dias começam no fuso horário { $zone }.

# What a payment was worth.
desk-worth = Valor no pagamento
desk-rate = Cotação
desk-filled-in = Preenchido depois:

# The desk’s API tokens.
desk-tokens = Tokens da API
desk-tokens-text = Com um token, um programa da loja usa a API. Os tokens para pagamentos de saída só se criam na linha de comandos.
desk-token-made = Este é o token. Não será mostrado de novo.
desk-token-revoked = Revogado
desk-token-revoke = Revogar
desk-token-make = Criar um token
desk-token-name = Para que serve
desk-token-name-invalid = Diga para que serve, numa linha de no máximo 100 bytes.
desk-token-scopes = O que pode fazer
desk-token-scopes-missing = Escolha pelo menos um.

# What is sold by pay to reveal, at the desk.
desk-items = O que se vende
desk-items-text = Cada artigo tem uma página própria. Quem lá paga recebe logo o que se vende. Aqui não volta a ser mostrado.
desk-item-none = Ainda não se vende nada.
desk-item-sold = Vendidos
desk-item-left = Restantes
desk-item-configured = Da configuração; é lá que se altera.
desk-item-new = Vender algo novo
desk-item-change = Alterar
desk-item-stop = Deixar de vender
desk-item-offer = Vender
desk-item-id = Nome no endereço
desk-item-id-hint = Letras minúsculas a–z, algarismos, hífenes e traços baixos, no máximo 64.
desk-item-id-invalid = Um nome tem de 1 a 64 letras minúsculas a–z, algarismos, hífenes e traços baixos.
desk-item-id-taken = Já existe um artigo com este nome. Altere-o ou escolha outro nome.
desk-item-configured-text = A configuração tem um artigo com este nome.
desk-item-too-many = Não se podem oferecer mais artigos.
desk-item-title = Título
desk-item-title-invalid = Dê um título, numa linha de no máximo 639 bytes.
desk-item-price = Preço em sat
desk-item-price-invalid = Introduza satoshis inteiros, no mínimo 1.
desk-item-kind = O que o comprador recebe
desk-item-kind-text = Um texto
desk-item-kind-word = Uma palavra de no máximo 24 bytes, que faz parte do pagamento: cada nó que o reencaminha fica a conhecê-la
desk-item-text = O texto
desk-item-text-hint = Só os compradores o veem.
desk-item-text-again = Introduza-o de novo: o que se vende não é mostrado. Os compradores anteriores ficam com o que compraram.
desk-item-text-missing = Introduza o texto que se vende.
desk-item-word-invalid = Uma palavra tem de 1 a 24 bytes e não termina em espaço.
desk-item-no-words = Este nó não pode vender palavras.
desk-item-stock = Quantos se vendem ao todo
desk-item-stock-hint = Vazio: qualquer quantidade.
desk-item-stock-invalid = Introduza um número até 1 000 000 000, ou nada.

# Giving a key to the plug-in of a web shop.
pair = Ligar uma loja online
pair-text = O programa neste endereço pede uma chave deste servidor. Aceite apenas se for a sua loja e se começou por lá.
pair-application = Chama-se
pair-permissions = Com a chave pode
pair-view-invoices = ver as faturas da loja
pair-create-invoice = criar faturas
pair-modify-invoices = alterar os dados das faturas e invalidá-las
pair-view-settings = ver as definições da loja
pair-modify-settings = fazer tudo isto, exceto reembolsos
pair-webhooks = ser avisado dos pagamentos (webhooks)
pair-refunds = pedir reembolsos de encomendas pagas, que o seu pagador paga dentro dos seus limites
pair-left-out = Não disponível aqui e deixado de fora:
pair-shop = Loja
pair-shop-hint = A chave vê apenas o que pertence a este nome. De 1 a 64 letras (a–z), algarismos, hífenes e sublinhados.
pair-shop-invalid = O nome de uma loja tem de 1 a 64 letras (a–z), algarismos, hífenes e sublinhados.
pair-agree = Dar a chave a { $host }
pair-made = A chave foi criada. Leve-a à loja: não voltará a ser mostrada.
pair-continue = Continuar para { $host }
pair-target-invalid = O endereço da loja está em falta, ou é um para o qual não se enviam chaves. Tem de começar por https://, ou por http:// na sua própria rede.
pair-permission-unknown = O programa exige uma permissão que não existe aqui: { $permission }
pair-permission-none = O programa não pede nenhuma permissão que exista aqui.
pair-used = Este formulário já foi usado. Comece de novo na loja.
pair-off = Esta página precisa do painel, que está desligado neste servidor (desk.enabled).
pair-elsewhere = O painel tem um endereço próprio. Abra esta página lá: o mesmo caminho, com tudo o que se segue.
pair-by-command = Sem o painel, crie uma chave no servidor e introduza-a nas definições do plug-in:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = Um pagamento para si
voucher-refund = O seu reembolso
voucher-how = Digitalize o código com uma carteira Lightning ou abra-o numa neste dispositivo. A carteira pede exatamente este valor.
voucher-note = Quem tiver esta página pode resgatá-lo, uma única vez.
voucher-until = Pode ser resgatado até
voucher-claimed = Uma carteira resgatou-o. Recarregue a página para ver se foi pago.
voucher-paid = Foi pago.
voucher-over = Já não pode ser resgatado. Contacte a loja.

# Payment links: the pages where buyers order.
link-range = De { $least } a { $most }.
link-pieces = Quantidade
link-pieces-wrong = Introduza um número de 1 a { $most }.
link-name = Nome
link-mail = E-mail
link-note = Mensagem para a loja
link-optional = opcional
link-field-missing = Preencha este campo.
link-field-long = No máximo { $most } caracteres, sem caracteres de controlo.
link-mail-invalid = Introduza um endereço de e-mail como name@example.com.
link-pay = Pagar com Lightning
link-how = Recebe uma fatura que uma carteira Lightning pode pagar.
wallet-direct = Pagar diretamente de uma carteira
link-wallet-how = Digitalize o código com uma carteira Lightning ou abra-o numa neste dispositivo. A carteira encomenda uma unidade. O código pode voltar a ser usado.
link-sold-out = Esgotado
link-over = Isto já não pode ser encomendado aqui.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = O que oferecemos
poster-how = Digitalize com a câmara do telemóvel e pague com uma carteira Lightning.
poster-how-wallet = Digitalize com a câmara do telemóvel ou com uma carteira Lightning.

# The desk: notices, and what they say.
desk-notices = Avisos
desk-notices-text = Quem na loja é avisado do que acontece. Uma regra avisa do que acontecer a partir de agora.
desk-notice-none = Ainda não há regras.
desk-notice-new = Nova regra
desk-notice-make = Criar a regra
desk-notice-event = O que é avisado
desk-notice-event-wrong = Escolha o que é avisado.
desk-notice-too-many = Já há cinquenta regras.
desk-notice-sale-paid = Uma venda foi paga
desk-notice-endpoint-gone = Um webhook foi desligado porque o seu servidor diz que já não existe
desk-notice-node-away = O nó está indisponível e, depois, que voltou
desk-notice-little-receivable = O nó pode receber pouco e, depois, que é suficiente
desk-notice-no-rate = Os preços não têm taxa de câmbio e, depois, que têm
desk-notice-channel = Por que meio
desk-notice-channel-wrong = Escolha um dos meios.
desk-notice-mail = E-mail
desk-notice-missing = { $channel } não está configurado. A chave { $key } da configuração ativa-o.
desk-notice-address = Endereço
desk-notice-address-hint = E-mail: uma caixa de correio. ntfy: o endereço de um tópico, como https://ntfy.sh/a-minha-loja. Telegram: o número de uma conversa, como -1001234567890.
desk-notice-address-wrong = Isto não pode ser um endereço desse meio.
desk-notice-not-allowed = Nada é enviado para este endereço: está numa rede privada ou nesta máquina, ou precisa de um proxy. Veja webhooks.allow_private e webhooks.onion_proxy.
desk-notice-token = Token de acesso do ntfy
desk-notice-token-wrong = Isto não pode ser um token de acesso.
desk-notice-test = Enviar um teste
desk-notice-test-sent = O teste foi enviado. O servidor respondeu:
desk-notice-remove = Remover
desk-notice-waiting = Em espera
desk-notice-undelivered = Abandonados
desk-notice-unreachable = O servidor não está acessível ou não responde como devia.
desk-notice-credentials = O servidor recusa o utilizador, a palavra-passe ou o token. Verifique notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file ou o token da regra.
desk-notice-refused = O servidor recusa este endereço.
desk-notice-not-taken = O servidor não aceitou a mensagem. Será feita nova tentativa.
desk-notice-not-configured = Este meio não está configurado, ou o ficheiro com o seu segredo não pode ser lido.
desk-notice-internal = Não foi possível escrever a mensagem. O registo diz porquê.
notice-test = Um teste
notice-test-text = Isto é um teste. Os avisos chegam aqui.
notice-sale = Pago: { $amount }
notice-sales = Foram pagas { $count } vendas: { $amount }
notice-several = { $count } avisos
notice-more = E mais { $count }.
notice-order = Encomenda: { $order }
notice-over-paid = Mais do que o pedido: { $amount }
notice-endpoint-gone = O webhook para { $receiver } foi desligado: o seu servidor diz que já não existe.
notice-node-away = O nó Lightning está indisponível. Ninguém pode pagar.
notice-node-back = O nó Lightning voltou.
notice-little-receivable = O nó só pode receber { $amount }. Os pagamentos maiores falham.
notice-enough-receivable = O nó pode voltar a receber { $amount }.
notice-no-rate = Não há taxa de câmbio para { $currencies }. Os preços nessa moeda não podem ser pagos.
notice-rate-back = Há de novo uma taxa de câmbio: { $currencies }

# The desk: payment links.
desk-links = Ligações de pagamento
desk-links-text = Uma ligação é uma página onde qualquer pessoa pode encomendar a mesma coisa: um produto, um bilhete, um donativo. A fatura só é criada quando o comprador carrega no botão.
desk-link-new = Nova ligação
desk-link-make = Criar ligação
desk-link-save = Guardar
desk-link-change = Alterar esta ligação
desk-link-slug = Nome no endereço
desk-link-slug-hint = a-z, 0-9, _ e -, como “cafe”. Não pode ser alterado depois.
desk-link-slug-wrong = Use de 1 a 64 dos caracteres a-z, 0-9, _ e -.
desk-link-slug-taken = Já existe uma ligação com este nome.
desk-link-too-many = Já existem mil ligações.
desk-link-title = Título
desk-link-title-wrong = Introduza um título de uma linha.
desk-link-text = Descrição
desk-link-text-wrong = No máximo 2000 bytes de texto.
desk-link-fixed = Fixo
desk-link-between = O comprador escolhe dentro de um intervalo
desk-link-free = O comprador escolhe livremente
desk-link-currency-hint = SAT para satoshis, ou uma moeda como EUR.
desk-link-currency-wrong = Introduza SAT ou o código de uma moeda, como EUR.
desk-link-least = Preço ou montante mínimo
desk-link-most = Montante máximo do intervalo
desk-link-amount-wrong = Introduza um montante nesta moeda; satoshis como número inteiro.
desk-link-range-wrong = O montante máximo não pode ser inferior ao mínimo.
desk-link-pieces = Quantidade máxima por encomenda
desk-link-pieces-wrong = Introduza um número de 1 a 1000. Mais de 1 exige um preço fixo.
desk-link-asks = Perguntar aos compradores
desk-link-ask-no = não
desk-link-ask-required = obrigatório
desk-link-limit = Quantidade total à venda
desk-link-number-wrong = Introduza um número inteiro acima de zero.
desk-link-last-day = Último dia
desk-link-day-wrong = Introduza uma data.
desk-link-thanks = Texto de agradecimento, após o pagamento
desk-link-sold = Vendidos
desk-link-left = Restam
desk-link-open = Aberta
desk-link-ended = Terminada
desk-link-stopped = Interrompida
desk-link-stop = Interromper esta ligação
desk-link-reopen = Reabrir
desk-link-poster = Cartaz para imprimir
desk-link-html = Para o seu site
desk-link-sales = Encomendas
desk-link-unpaid = Não pago

# The desk: the counter.
counter = Balcão
counter-none = Ainda não há botões. Escreva um valor ou peça a um proprietário ou gerente que acrescente o que vendem.
counter-pieces-of = Quantidade de { $name }
counter-other = Outros artigos
counter-keys = Teclado de algarismos
counter-erase = Apagar o último algarismo
counter-tip = Gratificação
counter-tip-none = Sem gratificação
counter-tip-other = Outro montante
counter-tip-amount = Valor da gratificação
counter-total = Total a receber
counter-charge = Cobrar agora
counter-clear = Limpar tudo
counter-empty = Escolha algo ou escreva um valor.
counter-pieces-wrong = Escreva um número inteiro de unidades, até 999.
counter-too-much = É demasiado para uma só venda.
counter-gone = Isto já não se vende. Verifique o que foi escolhido.
counter-used = Esta venda já está concluída. Nada foi cobrado outra vez: escolha para o cliente seguinte.
counter-offline-title = Sem ligação
counter-offline = Não é possível contactar o servidor da loja. Nada pode ser cobrado até a ligação voltar.
counter-latest = Vendas mais recentes
counter-scan = Leia o código com uma carteira Lightning
counter-next = Venda seguinte
counter-cancel = Anular esta venda
counter-items = Botões do balcão
counter-items-text = O que vendem ao balcão: um botão para cada artigo, na sua categoria. Os preços incluem o imposto.
counter-foreign = Não aparece ao balcão: o preço está noutra moeda.
counter-item-new = Acrescentar um botão
counter-category = Categoria do artigo
counter-price = Preço, imposto incluído
counter-tax = Taxa de imposto em %
counter-tax-hint = Vazio: os recibos com este artigo nada dizem sobre impostos.
counter-name-wrong = Use de 1 a 60 caracteres numa linha.
counter-tax-wrong = Escreva uma percentagem de 0 a 100, como 23.
counter-too-many = Já existem quinhentos botões.
desk-by-cashier = Ao balcão, por operador

# The desk: signing in by a PIN at the counter.
pin = PIN
pin-choose = Definir um PIN
pin-text = A partir de agora, { $name } entra com este PIN neste dispositivo, e em mais nenhum.
pin-hint = De 4 a 8 algarismos, nem todos iguais nem em sequência.
pin-again = O PIN outra vez
pin-differs = Os dois PIN não coincidem.
pin-weak = Use de 4 a 8 algarismos que não sejam todos iguais nem em sequência, como 1234.
pin-of = PIN de { $name }
pin-refused = Este PIN está errado. Depois de cinco erros, um proprietário tem de mostrar um novo código para este dispositivo.
pin-scan = { $name } lê este código com o dispositivo do balcão e escolhe aí um PIN. Serve uma vez, durante dez minutos.
pin-only-cashiers = Só os operadores de caixa entram com um PIN.
pin-invite = Configurar um dispositivo com PIN
pin-forgotten = Demasiados PIN errados, ou este dispositivo foi revogado. Um proprietário pode mostrar um novo código para ele.
pin-device = Dispositivo com PIN
pin-paired = Configurado
pin-revoke = Revogar este dispositivo

# The desk of a sandbox.
desk-samples = As vendas dos últimos 60 dias que vê aqui são exemplos: ninguém as pagou.

# The desk’s export for DATEV.
datev-leave-out = DATEV: deixar de fora o que não tem preço em euros
datev-no-euros = Não há ficheiro: { $count } vendas ou reembolsos deste período não têm preço em euros e não podem ser lançados. Pode deixá-los de fora.
datev-no-account = Não há ficheiro: a configuração não indica conta para vendas com estas taxas: { $rates } %
datev-two-years = Não há ficheiro: estes dias são de dois exercícios, e um ficheiro é de um.
