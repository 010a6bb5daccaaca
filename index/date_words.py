"""Words that stand beside a date and say no more than that it is one, in the languages of `month_names`."""

from index.month_names import folded

PUBLISHED = (
    "published", "first published", "originally published", "posted", "originally posted", "date",
    "issued", "publication date", "date published", "created", "veröffentlicht", "erstellt",
    "erschienen", "publié", "mis en ligne", "publié le", "publicado", "publicada", "publicado em",
    "publicado el", "pubblicato", "pubblicato il", "publicat", "gepubliceerd", "geplaatst",
    "publicerad", "publisert", "udgivet", "offentliggjort", "julkaistu", "opublikowano",
    "data publikacji", "publikováno", "vydáno", "publikované", "objavljeno", "megjelent", "publikálva",
    "yayınlanma", "yayın tarihi", "yayınlanma tarihi", "giriş", "eklenme", "опубликовано",
    "дата публикации", "опубліковано", "публикувано", "δημοσιεύθηκε", "δημοσίευση", "نشر", "نُشر في",
    "تاريخ النشر", "انتشار", "פורסם", "פורסם ב", "תאריך", "प्रकाशित", "diterbitkan", "dipublikasikan",
    "公開", "公開日", "掲載", "掲載日", "配信", "投稿", "発表", "发布", "发布时间", "发表时间",
    "發布時間", "發佈", "입력", "등록", "게시",
)  # fmt: skip
UPDATED = (
    "updated", "last updated", "last update", "modified", "last modified", "revised", "edited",
    "aktualisiert", "zuletzt aktualisiert", "geändert", "stand", "mis à jour", "mise à jour",
    "mis à jour le", "modifié", "modifié le", "actualizado", "actualizado el", "última actualización",
    "modificado", "atualizado", "atualizado em", "aggiornato", "aggiornato il", "ultimo aggiornamento",
    "actualizat", "actualitzat", "bijgewerkt", "laatst bijgewerkt", "laatste update", "uppdaterad",
    "oppdatert", "sist oppdatert", "opdateret", "päivitetty", "zaktualizowano", "aktualizacja",
    "ostatnia aktualizacja", "aktualizováno", "aktualizované", "ažurirano", "frissítve",
    "utolsó frissítés", "güncelleme", "güncellenme", "son güncelleme", "güncelleme tarihi",
    "обновлено", "оновлено", "обновена", "ενημερώθηκε", "τελευταία ενημέρωση", "تحديث", "آخر تحديث",
    "تم التحديث", "بروزرسانی", "עודכן", "עדכון אחרון", "अपडेट", "अपडेटेड", "संशोधित", "diperbarui",
    "更新", "最終更新", "更新日", "更新时间", "更新時間", "수정", "최종수정",
)  # fmt: skip
_BESIDE = """
on at time as of the am pm th st nd rd um uhr den der vom seit le la les à a h el las de del di il alle
ore em às do da dia op om uur kl klo godz o r v ve dne hod ob в г года о от году час στις ώρα saat ساعة
الساعة في م ص ق ب שעה बजे pukul jam wib 日 月 年 時 分 公開 오전 오후
"""
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi
mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim lunes martes miércoles jueves
viernes sábado domingo mié jue vie sáb dom lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda terça quarta quinta sexta feira seg ter qua qui sex dilluns dimarts dimecres dijous divendres
dissabte diumenge luni marți miercuri joi vineri sâmbătă duminică maandag dinsdag woensdag donderdag
vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
man tir ons tor fre lør søn mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur
sunnudagur maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina maanantai
tiistai keskiviikko esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev pirmdiena otrdiena
trešdiena ceturtdiena piektdiena sestdiena svētdiena pirmadienis antradienis trečiadienis
ketvirtadienis penktadienis šeštadienis sekmadienis poniedziałek wtorek środa czwartek piątek sobota
niedziela pondělí úterý středa čtvrtek pátek neděle pondelok utorok streda štvrtok piatok nedeľa
ponedeljek torek sreda četrtek petek nedelja ponedeljak utorak četvrtak petak subota понедељак уторак
среда четвртак петак субота недеља понеделник вторник сряда четвъртък петък събота неделя понедельник
четверг пятница суббота воскресенье пн вт ср чт пт сб вс понеділок вівторок середа четвер п'ятниця
неділя δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή hétfő kedd szerda csütörtök péntek
szombat vasárnap pazartesi salı çarşamba perşembe cuma cumartesi pazar الاثنين الثلاثاء الأربعاء الخميس
الجمعة السبت الأحد دوشنبه سه شنبه چهارشنبه پنجشنبه جمعه یکشنبه יום שני שלישי רביעי חמישי שישי שבת ראשון
सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार senin selasa rabu kamis jumat sabtu minggu isnin
khamis jumaat ahad 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 火 水 木 金 土 星期一 星期二 星期三
星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日 월요일 화요일 수요일 목요일 금요일
토요일 일요일
"""

UPDATE_LABELS = frozenset(map(folded, UPDATED))
LABELS = tuple(sorted({folded(label) for label in (*PUBLISHED, *UPDATED)}, key=len, reverse=True))
"""Every label, folded, longer ones first."""

FILLERS = frozenset(
    word
    for words in (*PUBLISHED, *UPDATED, _BESIDE, "first last originally", _WEEKDAYS)
    for word in folded(words).replace("'", " ").split()
)
"""Words (folded) that may stand in a line that tells a date and nothing else."""
