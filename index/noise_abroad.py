"""Page noise in other languages than English: labels, buttons and notices as whole lines."""

from index.noise import Noise

_LANGUAGES_READ_ON = (
    r"Lesen Sie (?:auch|mehr|dazu)|Mehr (?:zum Thema|dazu|lesen)|Auch interessant|Lire aussi"
    r"|À lire(?: aussi)?|A lire aussi|Voir aussi|Sur le même sujet"
    r"|Lea también|Lee también|Te puede interesar|Más información|Leia (?:também|mais)"
    r"|Veja também|Leggi anche|Lees ook|Lees meer|Läs (?:också|mer)|Les også"
    r"|Læs også|Lue myös|Czytaj (?:też|także|więcej)|Zobacz (?:też|także)|Čtěte také"
    r"|Přečtěte si|Citește și|Olvassa el|Διαβάστε (?:επίσης|ακόμα)|Baca [Jj]uga"
    r"|Читайте также|Читать также|Смотрите также|По теме|Читайте також|İlginizi çekebilir"
    r"|Bunlar da ilginizi çekebilir|İlgili haberler?|Ayrıca bakınız"
    r"|اقرأ أيض[اً]+|اقرأ المزيد|مواضيع ذات صلة|עוד בנושא|קראו עוד|ראו גם|यह भी पढ़ें"
    r"|ये भी पढ़ें|इसे भी पढ़ें|関連記事|あわせて読みたい|相关(?:阅读|新闻|链接)|延伸阅读|관련 ?기사"
)

ABROAD: tuple[Noise, ...] = (
    Noise("teaser", rf"[►▶•👉✅➤ ]*(?:{_LANGUAGES_READ_ON})(?: ?[::].{{0,200}}[^.。]|[::\s]*)"),
    Noise(
        "newsletter",
        r".{0,80}\b(?:[Nn]ewsletter|[Bb]oletín|[Ii]nfolettre|Rundbrief|[Bb]oletim|[Nn]yhetsbrev"
        r"|WhatsApp-Kanal|canal d[eo].{0,20}WhatsApp)\b.{0,120}"
        r"(?:anmelden|abonnieren|[Ii]nscrivez-vous|[Ss]uscr[ií]b\w+|[Aa]ssine|[Rr]eceba|[Cc]lique"
        r"|[Ii]nscreva|quotidienne|semanal).{0,80}",
        ("ewsletter", "olet", "nfolettre", "undbrief", "yhetsbrev", "WhatsApp"),
    ),
    Noise(
        "newsletter",
        r"(?:Sigue|Síguenos|Suivez|Suivez-nous|Folgen Sie|Siga|Seguici"
        r"|Volg ons)\b.{2,160}\b(?:Facebook|X|Twitter|Instagram|WhatsApp|Telegram"
        r"|newsletter)\b.{0,80}",
    ),
    Noise("newsletter", r"[✅►👉📲 ]*(?:Clique aqui|Pincha aquí|Cliquez ici|Hier klicken)\b.{0,120}"),
    Noise(
        "newsletter",
        r"(?:Подписывайтесь|Подпишитесь|Підписуйтесь)\b.{2,160}|更多精彩内容.{0,60}|[((]更多.{0,60}[))]"
        r"|关注.{0,20}(?:公众号|微信|微博).{0,40}|扫码.{0,40}",
    ),
    Noise(
        "subscription",
        r"Il vous reste .{2,60}à lire\..{0,80}|(?:La suite|Cet article"
        r"|Article) (?:est )?réservée? aux abonnés\b.{0,80}|(?:Je m['’]abonne"
        r"|Abonnez-vous)\b.{0,80}"
        r"|(?:Jetzt|Hier) (?:kostenlos |gratis )?(?:anmelden|abonnieren|weiterlesen"
        r"|testen)\b.{0,80}|Weiterlesen mit\b.{0,80}|(?:Suscríbete|Assine)\b.{0,100}"
        r"|Contenido exclusivo para suscriptores.{0,60}|.{0,40}(?:有料記事|会員登録|有料会員).{0,60}",
    ),
    Noise(
        "cookie notice",
        r"(?:Wir (?:und unsere .{0,40}Partner )?(?:verwenden|nutzen)|Diese (?:Website"
        r"|Seite) (?:verwendet|nutzt)|Nous utilisons|Avec votre accord,|Ce site utilise|Utilizamos"
        r"|Este sitio (?:web )?utiliza"
        r"|Usamos|Este site utiliza|Questo sito utilizza|Wij gebruiken|Deze (?:web)?site gebruikt"
        r"|Мы используем|Bu (?:web )?sitesi)\b.{0,80}(?:[Cc]ookies?|файлы|çerez).*",
        ("ookie", "файл", "çerez"),
    ),
    Noise(
        "share",
        r"(?:(?:Teilen|Drucken|Merken|Vorlesen|E-Mail|Artikel anhören|Partager|Imprimer|Envoyer"
        r"|Réagir|Commenter|Compartir|Imprimir|Compartilhar|Comentar|Condividi|Stampa|Delen"
        r"|Printen|Dela|Del|Jaa|Udostępnij|Drukuj"
        r"|Sdílet|Поделиться|Распечатать|Версия для печати|Поділитися|Paylaş|Yazdır|Tweetle|مشاركة"
        r"|شارك|طباعة|שתפו|הדפסה|शेयर करें|シェア|ツイート|印刷|分享(?:到)?|打印|微信|微博|Facebook|Twitter|X"
        r"|WhatsApp|Telegram"
        r"|E-mail|Email|واتساب|تويتر|فيسبوك|على)[\s,/|·•::]*)+(?:\([^()]{1,30}\))?",
    ),
    Noise(
        "photo credit",
        r"(?:Foto|Fotos|Bild|Symbolbild|Fotograf|Photo|Crédit(?: photo)?|Fotografía|Imagen|Imagem"
        r"|Fonte|Фото|Zdjęcie|Fotoğraf|صورة|תמונה|צילום|फोटो|写真|写真・図版|图片来源|图源)"
        r"(?: ?[::] ?.{0,100}"
        r"|)",
    ),
    Noise(
        "rights",
        r".{0,120}(?:Alle Rechte vorbehalten|Tous droits réservés|Todos los derechos reservados"
        r"|Todos os direitos reservados|Tutti i diritti riservati|Alle rechten voorbehouden"
        r"|Все права защищены|Tüm hakları saklıdır"
        r"|جميع الحقوق محفوظة|כל הזכויות שמורות|सर्वाधिकार सुरक्षित|無断転載"
        r"|版权所有|未经授权不得转载|無断複製).{0,160}",
    ),
    Noise("agency tail", r"(?:Quellen?|Источник|Kaynak|المصدر|स्रोत|来源|文/|记者) ?[::] ?.{2,80}"),
    Noise(
        "agency tail",
        r"[((]?(?:责任?编辑?|责编|编辑|校对|監修|記者)[::].{1,40}[))]?|特别声明[::].*|以上内容仅代表.*",
    ),
    Noise(
        "page state",
        r"(?:Schlagworte|Stichwörter|Etiquetas|Etiketler|Mots-clés|Tags?|Теги|標籤|标签"
        r"|Archivado [Ee]n|Labels|Topics|Filed under|Tagged)(?: ?: ?.{0,160}|)",
    ),
    Noise(
        "page state",
        r"Dieses Thema im Programm: .{2,160}|Über dieses Thema berichtete .{2,200}"
        r"|Комментировать могут .{2,120}|מצאתם טעות.{0,60}",
    ),
)
"""As `index.noise_prompts.PROMPTS`."""
