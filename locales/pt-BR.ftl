# Every page: the frame around it.
sandbox-title = Modo de teste.
sandbox-text = Nenhum dinheiro real: estas faturas são de teste.
languages = Idioma
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant creates an invoice.
form-title = Nova fatura
form-check = Verifique os dados
form-amount = Valor em satoshis
form-amount-hint = De { $minimum } a { $maximum } sat. Deixe em branco para { $default }.
form-amount-plain = Valor
form-currency = Moeda
form-amount-hint-currencies = De { $minimum } a { $maximum } sat, ou o equivalente em outra moeda.
form-amount-fixed = Esta loja cobra { $amount } sat.
form-description = Descrição
form-description-hint = A finalidade do pagamento. Aparece na carteira do comprador. Deixe em branco para “{ $default }”.
form-submit = Criar fatura

# Errors of a field.
amount-too-small = O valor mínimo é { $minimum } sat.
amount-too-large = O valor máximo é { $maximum } sat.
amount-not-digits = Digite o valor como um número inteiro de satoshis, usando apenas algarismos.
amount-missing = Informe o valor.
amount-not-money = Informe o valor em { $currency } como um número, por exemplo { $example }.
currency-not-offered = Esta moeda não é oferecida aqui. Escolha outra.
amount-fixed = O valor é { $amount } sat e não pode ser alterado.
description-too-long = A descrição tem { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    }; o máximo é { $most }.
description-control = A descrição não pode conter quebras de linha nem outros caracteres de controle.
description-not-text = A descrição não é um texto UTF-8 válido.
field-repeated = O campo “{ $field }” foi enviado mais de uma vez.
field-unknown = O campo “{ $field }” não existe; os campos são “amount” e “description”.

# Unpaid.
pay-title = Pague esta fatura
any-amount = Você escolhe o valor
rate-of = Taxa de câmbio de
waiting = Aguardando o pagamento
qr-code = QR Code
open-wallet = Abrir na carteira
choose-wallet = Escolher uma carteira
pay-in-browser = Pagar com a carteira do navegador
invoice-text = Fatura Lightning
copy = Copiar fatura
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
stale = Não foi possível acessar o nó Lightning no momento. Nenhum pagamento se perde. Último status conhecido, em
close = Fechar
node-warns = O nó Lightning avisa que talvez não seja possível pagar esta fatura:
show-receipt = Ver o recibo
show-page-again = Atualizar a página

# The payment is held until the shop takes it or sends it back.
accepted-title = Pagamento autorizado
accepted-text = O valor está reservado, mas ainda não foi cobrado. A loja vai cobrá-lo ou devolvê-lo integralmente. Até lá, sua carteira pode mostrar o pagamento como pendente.

# Paid.
paid-title = Paga
asked-for = Valor solicitado
paid-at = Paga em
receipt-number = Número do recibo
rate-source = Fonte da cotação
tax-rate = Alíquota
tax-net = Líquido
tax = Imposto
receipt-tip = Da qual gorjeta
receipt-discount = Desconto
receipt-tax-id = Número fiscal
refunded-part = Reembolsado em parte
refunded-whole = Reembolsado integralmente
onward = Voltar para { $shop }
order = Pedido
paid-to = Paga a
payment-hash = Hash do pagamento
print = Imprimir ou salvar o recibo
proof-title = Comprovante de pagamento
proof-hint = Sua carteira guarda a pré-imagem deste pagamento. Cole-a aqui para verificar se ela pertence a esta fatura.
proof-preimage = Pré-imagem
proof-check = Comparar
proof-matches = Confere: esta pré-imagem comprova o pagamento.
proof-differs = Não confere: esta pré-imagem é de outro pagamento.
proof-not-hex = Uma pré-imagem tem 64 caracteres, de 0 a 9 e de a a f.
proven-title = Pagamento comprovado
proven-text = A pré-imagem está correta: esta fatura foi paga. Mas o nó Lightning da loja não tem registro do pagamento. Não pague de novo; avise a loja e mostre a ela a pré-imagem e o hash do pagamento.

# Expired, or cancelled.
expired-title = Expirada
expired-text = Esta fatura expirou. Por favor, não a pague.
renew = Gerar uma nova fatura
renewed-text = Há uma nova fatura para este pedido.
renewed-open = Ir para a nova fatura
cancelled-text = A loja cancelou esta fatura. Por favor, não a pague.
cancelled-held-text = A loja cancelou esta fatura. Nada foi cobrado.
expired-proof = Já tinha pago? Sua carteira pode comprovar.
closed-text = Não é possível gerar uma nova fatura aqui. Se ainda quiser pagar, peça uma nova à loja.
cancelled-title = Cancelada

# Errors: a heading, what it means and what to do next.
try-again = Tentar agora
asks-again = Esta página tenta de novo automaticamente.
front-page = Ir para a página inicial
request-id = Referência
trouble-not-found = Verifique o endereço ou comece pela página inicial.
    .title = Página não encontrada
trouble-invoice-not-found = Verifique se você copiou o link completo.
    .title = Fatura não encontrada
trouble-invoice-not-payable = Ela foi paga, expirou ou foi cancelada. Por favor, não a pague de novo.
    .title = Esta fatura está encerrada
trouble-invoice-not-renewable = Ela não pode ser substituída por uma nova aqui. Por favor, fale com a loja.
    .title = Esta fatura não pode ser renovada
trouble-method-not-allowed = Este endereço não aceita este tipo de solicitação.
    .title = Esta página não pode ser aberta diretamente
trouble-unsupported-media-type = Envie os campos como application/x-www-form-urlencoded.
    .title = Não conseguimos ler os dados
trouble-bad-request = A solicitação foi interrompida ou está malformada.
    .title = Não conseguimos ler os dados
trouble-body-too-large = A solicitação tem mais de 64 KiB.
    .title = Não conseguimos ler os dados
trouble-request-timeout = A solicitação não chegou a tempo. Por favor, envie de novo.
    .title = Demorou demais
trouble-rate-limited = Muitas solicitações em pouco tempo. Nada se perdeu: espere um minuto e tente de novo.
    .title = Muitas solicitações
trouble-too-many-unpaid = Há muitas faturas aguardando pagamento, por isso não criamos novas no momento. Nada se perdeu: tente de novo em alguns minutos.
    .title = Muitas faturas não pagas
trouble-overloaded = Muitos visitantes ao mesmo tempo. Nada se perdeu: tente de novo em alguns segundos.
    .title = O movimento está alto agora
trouble-cross-site = Este formulário foi enviado de outro site. Abra a página aqui e envie por ela.
    .title = Enviado de outro site
trouble-form-off = Esta loja cria as próprias faturas. Peça um link de pagamento à loja.
    .title = Não há formulário aqui
trouble-invalid =
    .title = Há algo a corrigir
trouble-no-rate = No momento não há uma taxa de câmbio confiável, por isso nenhuma fatura foi criada. Tente de novo em um minuto.
    .title = Sem taxa de câmbio no momento
trouble-node-unreachable = Não foi possível acessar o nó Lightning. Se você já pagou, seu pagamento está seguro e vai aparecer aqui. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-timeout = O nó Lightning não respondeu a tempo. Se você já pagou, seu pagamento está seguro e vai aparecer aqui. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-busy = O nó Lightning está ocupado. Tente de novo em alguns segundos.
    .title = O nó Lightning não está disponível
trouble-node-refused = O nó Lightning recusou a solicitação. Tente de novo ou entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-malformed = O nó Lightning não deu uma resposta válida. Tente de novo ou entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-replaced = Este nó Lightning não é o que contém as faturas desta loja. Entre em contato com a loja.
    .title = O nó Lightning não está disponível
trouble-node-not-followed = As atualizações do nó Lightning ainda não estão chegando. Se você já pagou, seu pagamento está seguro e vai aparecer aqui.
    .title = O nó Lightning não está disponível
trouble-store-failed = A loja não consegue salvar os registros no momento. Se você já pagou, seu pagamento está seguro. Tente de novo ou entre em contato com a loja.
    .title = Não é possível salvar agora
trouble-internal = Tente de novo. Se o problema continuar, entre em contato com a loja e informe a referência abaixo.
    .title = Algo deu errado do nosso lado

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = Um texto curto, de no máximo 24 caracteres.
reveal-text = Um texto ({ $size }).
reveal-file = Um arquivo: { $name } ({ $size }).
reveal-how = Você recebe uma fatura. Assim que ela for paga, a página mostra o que você comprou.
reveal-wallet-how = Escaneie o código com uma carteira Lightning ou abra-o em uma neste aparelho. O código pode ser usado de novo.
reveal-word-warning = O texto faz parte do próprio pagamento: todo nó que encaminha o seu pagamento pode lê-lo.
reveal-sold-out = Esgotado.
reveal-buy = Comprar
reveal-again = Comprar novamente
sold-title = Sua compra
sold-download = Baixar
sold-sealed = Baixar criptografado
sold-sealed-hint = O recibo da sua carteira para este pagamento, a pré-imagem, abre o arquivo criptografado, mesmo sem esta loja: facture reveal open ARQUIVO PREIMAGE
trouble-item-not-found = Verifique o endereço. Talvez não esteja mais à venda.
    .title = Não está à venda
trouble-sold-out = Tudo está vendido ou reservado. Nenhuma fatura foi criada e nada foi cobrado. Uma reserva que não é paga fica livre depois de algum tempo.
    .title = Esgotado
trouble-link-closed = Nada mais pode ser pedido aqui, ou não tanto. Nenhuma fatura foi criada.
    .title = Não está mais disponível
trouble-payment-required = Você poderá baixá-lo assim que a fatura for paga.
    .title = Ainda não paga

# Offers: the page of a code that is paid again and again.
offer-title = Pagar a esta loja
offer-how = Escaneie este código com uma carteira que pague ofertas (BOLT 12). Ele pode ser pago várias vezes.
offer-note = Sua carteira pode enviar um recado à loja junto com o pagamento.
offer-text = Oferta Lightning
offer-copy = Copiar oferta
offer-print = Imprimir este código
offer-over-title = Não é mais válido
offer-over-text = Este código não pode mais ser pago. Peça um novo à loja.
payer-note = Recado para a loja
trouble-offer-not-found = Verifique se você copiou o link completo.
    .title = Oferta não encontrada

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = Como pagar
way-lightning = Lightning
way-any = Qualquer carteira
way-any-hint = Para carteiras que não leem o outro código.
way-text = Link de pagamento
way-copy = Copiar link

# The merchant’s desk: signing in, accounts, users.
desk-skip = Ir para o conteúdo
desk-sections = Seções
desk-sign-in = Entrar
desk-sign-out = Sair
desk-sign-in-refused = Usuário, senha ou código incorretos.
desk-demo = Entrar como proprietário de demonstração
desk-demo-text = No ambiente de testes, você não precisa de senha.
desk-user-name = Nome de usuário
desk-password = Senha
desk-code = Código do seu aplicativo autenticador
desk-code-hint = Deixe em branco se você não usa um. Um código de recuperação também serve.
desk-code-wrong = O código está errado ou é antigo demais. Digite o que o aplicativo mostra agora.
desk-welcome = Escolha sua senha
desk-welcome-text = Você foi adicionado ao painel desta loja. Assim que definir uma senha, este link deixa de funcionar.
desk-password-new = Nova senha
desk-password-hint = Pelo menos 10 caracteres.
desk-password-again = Repita a nova senha
desk-password-present = Senha atual
desk-password-set = Salvar senha
desk-password-change = Alterar senha
desk-password-differs = As duas senhas são diferentes.
desk-password-short = A senha é curta demais: pelo menos 10 caracteres.
desk-password-long = A senha é longa demais: no máximo 200 bytes.
desk-password-name = A senha não pode ser o seu nome de usuário.
desk-password-wrong = Essa não é a sua senha atual.
desk-account = Minha conta
desk-role = Função
desk-role-owner = Proprietário
desk-role-manager = Gerente
desk-role-cashier = Caixa
desk-role-accountant = Contador
desk-second-factor = Aplicativo autenticador
desk-second-factor-text = Com um aplicativo autenticador, ninguém entra só com a sua senha.
desk-second-factor-scan = Escaneie este código com o aplicativo ou digite nele o texto abaixo. Depois, digite o código que ele mostrar.
desk-second-factor-on = Ativar
desk-second-factor-off = Desativar
desk-second-factor-is-on = Aplicativo autenticador: ativado
desk-second-factor-is-off = Aplicativo autenticador: desativado
desk-recovery = Códigos de recuperação
desk-recovery-text = Guarde estes códigos em um lugar seguro: eles não serão mostrados de novo. Cada um vale uma vez no lugar do aplicativo, se você perder o celular.
desk-recovery-kept = Já guardei
desk-recovery-left = { $left ->
        [one] Resta { $left } código de recuperação.
       *[other] Restam { $left } códigos de recuperação.
    }
desk-sessions = Sessões
desk-session-own = Este navegador
desk-session-began = Início
desk-session-seen = Último uso
desk-session-end = Encerrar esta sessão
desk-users = Usuários
desk-user-add = Adicionar usuário
desk-user-change = Alterar
desk-user-role-set = Alterar função
desk-user-reset = Redefinir senha
desk-user-remove = Remover
desk-user-waiting = Ainda não usou o link de uso único
desk-user-invited = Entregue este link de uso único a { $name }. Ele vale três dias e não será mostrado de novo.
desk-user-name-hint = De 1 a 40 caracteres: a-z, 0-9 e . _ - @
desk-user-name-invalid = Um nome de usuário tem de 1 a 40 caracteres: a-z, 0-9 e . _ - @
desk-user-name-taken = Já existe um usuário com esse nome.
desk-user-not-found = Esse usuário não existe mais.
desk-user-last-owner = Este é o único proprietário que pode entrar. Torne outra pessoa proprietária primeiro.
desk-user-own = Altere a sua própria senha em “Minha conta”.
desk-roles-text = Proprietários podem tudo. Gerentes conduzem a loja: cancelam faturas, recebem pagamentos retidos e pedem reembolsos. Caixas veem as vendas das últimas 24 horas. Contadores veem todas as vendas e não mudam nada. Ninguém pode gastar dinheiro aqui.
desk-audit = Registro de atividades
desk-audit-text = Quem fez o quê no painel, do mais recente ao mais antigo. Nada pode ser alterado.
desk-when = Quando
desk-who = Quem
desk-what = O quê
desk-subject = Objeto
desk-address = Endereço
desk-older = Registros anteriores
trouble-right-missing = Sua função não permite isso. Fale com um proprietário da loja.
    .title = Não permitido
trouble-link-used = Ele foi usado, substituído por outro ou é antigo demais. Peça um novo link a um proprietário da loja.
    .title = Este link não funciona mais

# The desk: payments, and one sale.
desk-payments = Pagamentos
desk-search-for = Pesquisar por
desk-search-hint = Número do pedido, texto, hash do pagamento, fatura ou identificador. Um valor em sat ou com a moeda, como 12,50 EUR, encontra o que difere em até 1 %.
desk-search = Pesquisar
desk-search-clear = Mostrar tudo
desk-state = Situação
desk-all = Todos
desk-channel = Vendido por
desk-from = Criado a partir de
desk-to = Criado até
desk-sees-a-day = Sua função mostra as vendas das últimas 24 horas.
desk-search-too-long = Este texto é longo demais para pesquisar.
desk-search-instead = Ou pesquisar por:
desk-found-none = Nada encontrado.
desk-found-order = O pedido “{ $text }”
desk-found-hash = O pagamento com este hash
desk-found-amount = Valores de { $from } a { $to } sat
desk-totals-part = Estas somas são só das vendas mais recentes: as mais antigas desta lista não estão incluídas.
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
desk-refund-text = Isto registra uma ordem. O pagador, um programa à parte, paga dentro de seus limites. Aqui nada pode ser pago.
desk-refund-to = Fatura, oferta ou endereço Lightning do comprador
desk-refund-reason = Motivo
desk-refund-destination = Isto não pode ser pago. Informe uma fatura ainda válida que não seja desta loja, uma oferta ou um endereço Lightning.
desk-refund-reason-long = O motivo é longo demais: no máximo 500 bytes em uma linha.
desk-refund-ordered = Um pagamento para esta fatura ou com este formulário já foi pedido.
desk-refund-too-many = Há pagamentos demais na fila. Tente mais tarde.
desk-waits-payer = Aguarda um pagador: nenhum está em execução.
desk-waits-approval = Aguarda uma aprovação.
desk-note = Nossa nota
desk-note-none = Não há nota.
desk-note-hint = Compradores não a veem. Esvazie para remover.
desk-note-save = Salvar nota
desk-note-invalid = Uma nota tem no máximo { $most } bytes e nenhum caractere de controle.
desk-timeline = Histórico
desk-deliveries = Enviado a webhooks
desk-deliveries-none = Nada foi enviado sobre esta venda.
desk-attempts = { $count ->
        [one] { $count } tentativa
       *[other] { $count } tentativas
    }
desk-delivery-next = Próxima tentativa
desk-redeliver = Enviar de novo
desk-hold-expiring = O pagamento retido precisa ser decidido em breve
desk-delivery-pending = Aguardando
desk-delivery-delivered = Entregue
desk-delivery-dropped = Descartado
desk-failed = Falhou
desk-payout-ordered = Pedido
desk-payout-approved = Aprovado
desk-payout-paying = Sendo pago
desk-payout-unknown = Resultado ainda desconhecido

# The desk’s first page: today.
desk-today = Hoje
desk-nobody-can-pay = Ninguém consegue pagar: o nó não tem espaço para receber. Ele precisa de canais com liquidez de entrada.
desk-sales = Vendas
desk-open-invoices = Faturas em aberto
desk-expired-today = Criadas hoje, não pagas
desk-receivable = Pode ser recebido
desk-not-known = Não se sabe
desk-node = Nó Lightning
desk-node-well = Conectado
desk-node-syncing = Alcançando a cadeia
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
desk-closing = Fechamento
desk-closing-text = O total deste período. Só é somado o que está guardado; o que não se sabe é contado, não estimado.
desk-show = Mostrar
desk-day-before = O dia anterior
desk-day-after = O dia seguinte
desk-fees = Taxas pagas
desk-without-worth = Vendas cujo valor não é conhecido
desk-tips = Gorjetas, incluídas nos preços
desk-discounts = Descontos concedidos
desk-by-channel = Por canal
desk-by-tax = Por alíquota
desk-currency = Moeda
desk-gross = Bruto
desk-without-tax = Vendas sem linhas de imposto
desk-receipts = Números de recibo
desk-receipt-first = Primeiro
desk-receipt-last = Último

# The desk’s exports.
desk-exports = Exportações
desk-exports-text = O que foi recebido e reembolsado em um período, uma linha cada. O arquivo só tem o que está guardado; os milissatoshis são exatos.
desk-paid-from = Pago a partir de
desk-paid-to = Pago até
desk-separator = Forma do arquivo CSV
desk-separator-comma = Vírgulas entre células, pontos decimais
desk-separator-semicolon = Ponto e vírgula entre células, vírgulas decimais
desk-exports-zone = Os dias começam no fuso horário { $zone }.

# What a payment was worth.
desk-worth = Valor no pagamento
desk-rate = Cotação
desk-filled-in = Preenchido depois:

# The desk’s API tokens.
desk-tokens = Tokens de API
desk-tokens-text = Com um token, um programa da loja usa a API. Tokens para pagamentos de saída só são criados na linha de comando.
desk-token-made = Este é o token. Ele não será mostrado de novo.
desk-token-revoked = Revogado
desk-token-revoke = Revogar
desk-token-make = Criar um token
desk-token-name = Para que serve
desk-token-name-invalid = Diga para que serve, em uma linha de no máximo 100 bytes.
desk-token-scopes = O que ele pode fazer
desk-token-scopes-missing = Escolha pelo menos um.

# What is sold by pay to reveal, at the desk.
desk-items = O que é vendido
desk-items-text = Cada item tem sua própria página. Quem paga ali recebe na hora o que é vendido. Aqui isso não é mostrado de novo.
desk-item-none = Ainda não se vende nada.
desk-item-sold = Vendidos
desk-item-left = Restantes
desk-item-configured = Da configuração; é lá que se altera.
desk-item-new = Vender algo novo
desk-item-change = Alterar
desk-item-stop = Parar de vender
desk-item-offer = Vender
desk-item-id = Nome no endereço
desk-item-id-hint = Letras minúsculas a–z, algarismos, hifens e sublinhados, no máximo 64.
desk-item-id-invalid = Um nome tem de 1 a 64 letras minúsculas a–z, algarismos, hifens e sublinhados.
desk-item-id-taken = Já existe um item com este nome. Altere-o ou escolha outro nome.
desk-item-configured-text = A configuração tem um item com este nome.
desk-item-too-many = Não é possível oferecer mais itens.
desk-item-title = Título
desk-item-title-invalid = Dê um título, em uma linha de no máximo 639 bytes.
desk-item-price = Preço em sat
desk-item-price-invalid = Digite satoshis inteiros, no mínimo 1.
desk-item-kind = O que o comprador recebe
desk-item-kind-text = Um texto
desk-item-kind-word = Uma palavra de no máximo 24 bytes, que faz parte do pagamento: cada nó que o encaminha fica sabendo dela
desk-item-text = O texto
desk-item-text-hint = Só os compradores o veem.
desk-item-text-again = Digite de novo: o que é vendido não é mostrado. Compradores anteriores ficam com o que compraram.
desk-item-text-missing = Digite o texto que é vendido.
desk-item-word-invalid = Uma palavra tem de 1 a 24 bytes e não termina em espaço.
desk-item-no-words = Este nó não pode vender palavras.
desk-item-stock = Quantos são vendidos no total
desk-item-stock-hint = Vazio: qualquer quantidade.
desk-item-stock-invalid = Digite um número até 1.000.000.000, ou nada.

# Giving a key to the plug-in of a web shop.
pair = Conectar uma loja virtual
pair-text = O programa neste endereço pede uma chave deste servidor. Aceite somente se for a sua loja e se você começou por lá.
pair-application = Ele se chama
pair-permissions = Com a chave ele pode
pair-view-invoices = ver as faturas da loja
pair-create-invoice = criar faturas
pair-modify-invoices = alterar os dados das faturas e invalidá-las
pair-view-settings = ver as configurações da loja
pair-modify-settings = fazer tudo isso, menos reembolsos
pair-webhooks = ser avisado dos pagamentos (webhooks)
pair-refunds = pedir reembolsos de pedidos pagos, que o seu pagador paga dentro dos limites dele
pair-left-out = Não disponível aqui e deixado de fora:
pair-shop = Loja
pair-shop-hint = A chave vê somente o que pertence a este nome. De 1 a 64 letras (a–z), dígitos, hifens e sublinhados.
pair-shop-invalid = O nome de uma loja tem de 1 a 64 letras (a–z), dígitos, hifens e sublinhados.
pair-agree = Dar a chave a { $host }
pair-made = A chave foi criada. Leve-a à loja: ela não será mostrada de novo.
pair-continue = Continuar para { $host }
pair-target-invalid = O endereço da loja está faltando, ou é um para o qual não se enviam chaves. Deve começar com https://, ou com http:// na sua própria rede.
pair-permission-unknown = O programa exige uma permissão que não existe aqui: { $permission }
pair-permission-none = O programa não pede nenhuma permissão que exista aqui.
pair-used = Este formulário já foi usado. Comece de novo na loja.
pair-off = Esta página precisa do painel, que está desativado neste servidor (desk.enabled).
pair-elsewhere = O painel tem um endereço próprio. Abra esta página lá: o mesmo caminho, com tudo o que vem depois.
pair-by-command = Sem o painel, crie uma chave no servidor e informe-a nas configurações do plug-in:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = Um pagamento para você
voucher-refund = Seu reembolso
voucher-how = Escaneie o código com uma carteira Lightning ou abra-o em uma neste aparelho. A carteira pede exatamente este valor.
voucher-note = Quem tiver esta página pode resgatá-lo, uma única vez.
voucher-until = Pode ser resgatado até
voucher-claimed = Uma carteira o resgatou. Recarregue a página para ver se foi pago.
voucher-paid = Foi pago.
voucher-over = Não pode mais ser resgatado. Fale com a loja.

# Payment links: the pages where buyers order.
link-range = De { $least } a { $most }.
link-pieces = Quantidade
link-pieces-wrong = Digite um número de 1 a { $most }.
link-name = Nome
link-mail = E-mail
link-note = Mensagem para a loja
link-optional = opcional
link-field-missing = Preencha este campo.
link-field-long = No máximo { $most } caracteres, sem caracteres de controle.
link-mail-invalid = Digite um endereço de e-mail como name@example.com.
link-pay = Pagar com Lightning
link-how = Você recebe uma fatura que uma carteira Lightning pode pagar.
wallet-direct = Pagar diretamente de uma carteira
link-wallet-how = Escaneie o código com uma carteira Lightning ou abra-o em uma neste aparelho. A carteira pede uma unidade. O código pode ser usado de novo.
link-sold-out = Esgotado
link-over = Isto não pode mais ser pedido aqui.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = O que oferecemos
poster-how = Escaneie com a câmera do celular e pague com uma carteira Lightning.
poster-how-wallet = Escaneie com a câmera do celular ou com uma carteira Lightning.

# The desk: notices, and what they say.
desk-notices = Avisos
desk-notices-text = Quem da loja é avisado do que acontece. Uma regra avisa do que acontecer a partir de agora.
desk-notice-none = Ainda não há regras.
desk-notice-new = Nova regra
desk-notice-make = Criar a regra
desk-notice-event = O que é avisado
desk-notice-event-wrong = Escolha o que é avisado.
desk-notice-too-many = Já há cinquenta regras.
desk-notice-sale-paid = Uma venda foi paga
desk-notice-endpoint-gone = Um webhook foi desligado porque o servidor dele diz que não existe mais
desk-notice-node-away = O nó está fora do ar e, depois, que voltou
desk-notice-little-receivable = O nó pode receber pouco e, depois, que é o bastante
desk-notice-no-rate = Os preços não têm taxa de câmbio e, depois, que têm
desk-notice-channel = Por qual meio
desk-notice-channel-wrong = Escolha um dos meios.
desk-notice-mail = E-mail
desk-notice-missing = { $channel } não está configurado. A chave { $key } da configuração o ativa.
desk-notice-address = Endereço
desk-notice-address-hint = E-mail: uma caixa postal. ntfy: o endereço de um tópico, como https://ntfy.sh/minha-loja. Telegram: o número de um chat, como -1001234567890.
desk-notice-address-wrong = Isso não pode ser um endereço desse meio.
desk-notice-not-allowed = Nada é enviado a este endereço: ele está em uma rede privada ou nesta máquina, ou precisa de um proxy. Veja webhooks.allow_private e webhooks.onion_proxy.
desk-notice-token = Token de acesso do ntfy
desk-notice-token-wrong = Isso não pode ser um token de acesso.
desk-notice-test = Enviar um teste
desk-notice-test-sent = O teste foi enviado. O servidor respondeu:
desk-notice-remove = Remover
desk-notice-waiting = Aguardando
desk-notice-undelivered = Abandonados
desk-notice-unreachable = O servidor não pode ser alcançado ou não responde como deveria.
desk-notice-credentials = O servidor recusa o usuário, a senha ou o token. Verifique notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file ou o token da regra.
desk-notice-refused = O servidor recusa este endereço.
desk-notice-not-taken = O servidor não aceitou a mensagem. Uma nova tentativa será feita.
desk-notice-not-configured = Este meio não está configurado, ou o arquivo com o segredo dele não pode ser lido.
desk-notice-internal = A mensagem não pôde ser escrita. O log diz por quê.
notice-test = Um teste
notice-test-text = Isto é um teste. Os avisos chegam aqui.
notice-sale = Pago: { $amount }
notice-sales = { $count } vendas foram pagas: { $amount }
notice-several = { $count } avisos
notice-more = E mais { $count }.
notice-order = Pedido: { $order }
notice-over-paid = Mais do que o pedido: { $amount }
notice-endpoint-gone = O webhook para { $receiver } foi desligado: o servidor dele diz que não existe mais.
notice-node-away = O nó Lightning está fora do ar. Ninguém pode pagar.
notice-node-back = O nó Lightning voltou.
notice-little-receivable = O nó só pode receber { $amount }. Pagamentos maiores falham.
notice-enough-receivable = O nó pode receber { $amount } de novo.
notice-no-rate = Não há taxa de câmbio para { $currencies }. Preços nessa moeda não podem ser pagos.
notice-rate-back = Há de novo uma taxa de câmbio: { $currencies }

# The desk: payment links.
desk-links = Links de pagamento
desk-links-text = Um link é uma página em que qualquer pessoa pode pedir a mesma coisa: um produto, um ingresso, uma doação. A fatura só é criada quando o comprador pressiona o botão.
desk-link-new = Novo link
desk-link-make = Criar link
desk-link-save = Salvar
desk-link-change = Alterar este link
desk-link-slug = Nome no endereço
desk-link-slug-hint = a-z, 0-9, _ e -, como “cafe”. Não pode ser alterado depois.
desk-link-slug-wrong = Use de 1 a 64 dos caracteres a-z, 0-9, _ e -.
desk-link-slug-taken = Já existe um link com este nome.
desk-link-too-many = Já existem mil links.
desk-link-title = Título
desk-link-title-wrong = Digite um título de uma linha.
desk-link-text = Descrição
desk-link-text-wrong = No máximo 2.000 bytes de texto.
desk-link-fixed = Fixo
desk-link-between = O comprador escolhe dentro de um intervalo
desk-link-free = O comprador escolhe livremente
desk-link-currency-hint = SAT para satoshis, ou uma moeda como EUR.
desk-link-currency-wrong = Digite SAT ou o código de uma moeda, como EUR.
desk-link-least = Preço ou valor mínimo
desk-link-most = Valor máximo do intervalo
desk-link-amount-wrong = Digite um valor nesta moeda; satoshis como número inteiro.
desk-link-range-wrong = O valor máximo não pode ser menor que o mínimo.
desk-link-pieces = Quantidade máxima por pedido
desk-link-pieces-wrong = Digite um número de 1 a 1000. Mais de 1 exige preço fixo.
desk-link-asks = Perguntar aos compradores
desk-link-ask-no = não
desk-link-ask-required = obrigatório
desk-link-limit = Quantidade total à venda
desk-link-number-wrong = Digite um número inteiro acima de zero.
desk-link-last-day = Último dia
desk-link-day-wrong = Digite uma data.
desk-link-thanks = Texto de agradecimento, após o pagamento
desk-link-sold = Vendidos
desk-link-left = Restam
desk-link-open = Aberto
desk-link-ended = Encerrado
desk-link-stopped = Interrompido
desk-link-stop = Interromper este link
desk-link-reopen = Reabrir
desk-link-poster = Cartaz para imprimir
desk-link-html = Para o seu site
desk-link-sales = Pedidos
desk-link-unpaid = Não pago

# The desk: the counter.
counter = Caixa
counter-none = Ainda não há botões. Digite um valor ou peça a um proprietário ou gerente que cadastre o que vocês vendem.
counter-pieces-of = Unidades de { $name }
counter-other = Outros
counter-keys = Teclado numérico
counter-erase = Apagar o último dígito
counter-tip = Gorjeta
counter-tip-none = Sem gorjeta
counter-tip-other = Outro valor
counter-tip-amount = Valor da gorjeta
counter-total = Total a pagar
counter-charge = Cobrar
counter-clear = Limpar
counter-empty = Escolha algo ou digite um valor.
counter-pieces-wrong = Digite um número inteiro de unidades, até 999.
counter-too-much = É demais para uma única venda.
counter-gone = Isto não é mais vendido. Confira o que foi escolhido.
counter-used = Esta venda já foi concluída. Nada foi cobrado de novo: escolha para o próximo cliente.
counter-offline-title = Sem conexão
counter-offline = O servidor da loja está fora de alcance. Nada pode ser cobrado até a conexão voltar.
counter-latest = Últimas vendas
counter-scan = Escaneie com uma carteira Lightning
counter-next = Nova venda
counter-cancel = Cancelar esta venda
counter-items = Botões do caixa
counter-items-text = O que vocês vendem no caixa: um botão para cada item, em sua categoria. Os preços incluem o imposto.
counter-foreign = Não aparece no caixa: o preço está em outra moeda.
counter-item-new = Adicionar um botão
counter-category = Categoria
counter-price = Preço com imposto
counter-tax = Alíquota do imposto em %
counter-tax-hint = Vazio: os recibos com ele não dizem nada sobre impostos.
counter-name-wrong = Use de 1 a 60 caracteres em uma linha.
counter-tax-wrong = Digite uma porcentagem de 0 a 100, como 17.
counter-too-many = Já há quinhentos botões.
desk-by-cashier = No caixa, por operador

# The desk: signing in by a PIN at the counter.
pin = PIN
pin-choose = Escolher um PIN
pin-text = A partir de agora, { $name } entra com este PIN neste aparelho, e em nenhum outro.
pin-hint = De 4 a 8 dígitos, nem todos iguais nem em sequência.
pin-again = O PIN de novo
pin-differs = Os dois PINs são diferentes.
pin-weak = Use de 4 a 8 dígitos que não sejam todos iguais nem em sequência, como 1234.
pin-of = PIN de { $name }
pin-refused = Este PIN está errado. Depois de cinco erros, um proprietário precisa mostrar um novo código para este aparelho.
pin-scan = { $name } escaneia este código com o aparelho do caixa e escolhe ali um PIN. Vale uma vez, por dez minutos.
pin-only-cashiers = Só operadores de caixa entram com um PIN.
pin-invite = Configurar um aparelho com PIN
pin-forgotten = PINs errados demais, ou este aparelho foi revogado. Um proprietário pode mostrar um novo código para ele.
pin-device = Aparelho com PIN
pin-paired = Configurado
pin-revoke = Revogar este aparelho

# The desk of a sandbox.
desk-samples = As vendas dos últimos 60 dias que você vê aqui são exemplos: ninguém as pagou.

# The desk’s export for DATEV.
datev-leave-out = DATEV: deixar de fora o que não tem preço em euros
datev-no-euros = Não há arquivo: { $count } vendas ou reembolsos deste período não têm preço em euros e não podem ser lançados. Você pode deixá-los de fora.
datev-no-account = Não há arquivo: a configuração não indica conta para vendas com estas alíquotas: { $rates } %
datev-two-years = Não há arquivo: estes dias são de dois exercícios, e um arquivo é de um.
