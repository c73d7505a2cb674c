"""What the columns of a table of scans may be called in the languages that films speak."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "file": (
            *("datei", "dateiname", "fichier", "nom de fichier", "archivo", "nombre de archivo"),
            *("nome file", "arquivo", "ficheiro", "bestand", "bestandsnaam", "plik", "nazwa pliku"),
            *("файл", "имя файла", "文件", "文件名", "檔案", "檔名", "ファイル", "ファイル名"),
            *("파일", "파일명", "ملف", "الملف", "اسم الملف"),
        ),
        "caption": (
            *("titel", "bildunterschrift", "beschreibung", "titre", "légende", "description"),
            *("título", "leyenda", "pie de foto", "descripción", "titolo", "didascalia"),
            *(
                "descrizione",
                "legenda",
                "descrição",
                "bijschrift",
                "beschrijving",
                "tytuł",
                "podpis",
            ),
            *("opis", "название", "подпись", "описание", "标题", "说明", "標題", "說明", "題名"),
            *("タイトル", "キャプション", "説明", "제목", "설명", "العنوان", "الوصف"),
        ),
        "date": (
            *("datum", "jahr", "aufnahmedatum", "année", "fecha", "año", "data", "anno", "ano"),
            *("jaar", "rok", "дата", "год", "日期", "年份", "日付", "撮影日", "年", "날짜", "연도"),
            *("التاريخ", "السنة"),
        ),
        "place": (
            *("ort", "aufnahmeort", "lieu", "ville", "lugar", "ciudad", "luogo", "città", "local"),
            *("cidade", "plaats", "miejsce", "miasto", "место", "город", "地点", "地點", "場所"),
            *("撮影地", "장소", "المكان"),
        ),
        "people": (
            *("personen", "person", "personnes", "personas", "persone", "pessoas", "osoby", "люди"),
            *("персоны", "人物", "인물", "الأشخاص"),
        ),
        "credit": (
            *("bildnachweis", "fotograf", "fotografin", "urheber", "crédit", "photographe"),
            *("auteur", "crédito", "fotógrafo", "autor", "credito", "fotografo", "autore"),
            *(
                "fotograaf",
                "maker",
                "фотограф",
                "автор",
                "摄影",
                "作者",
                "攝影",
                "撮影者",
                "사진가",
            ),
            *("المصور",),
        ),
        "license": (
            *(
                "lizenz",
                "rechte",
                "licence",
                "droits",
                "licencia",
                "derechos",
                "licenza",
                "diritti",
            ),
            *("licença", "direitos", "licentie", "rechten", "licencja", "prawa", "лицензия"),
            *("права", "许可", "版权", "授權", "版權", "ライセンス", "権利", "라이선스", "الترخيص"),
        ),
        "alt": (
            *("alternativtext", "texte alternatif", "texto alternativo", "testo alternativo"),
            *("alternatieve tekst", "tekst alternatywny", "альтернативный текст", "替代文本"),
            *("替代文字", "代替テキスト", "대체 텍스트", "النص البديل"),
        ),
        "source": (
            *("quelle", "sammlung", "fonds", "fuente", "colección", "fonte"),
            *("collezione", "coleção", "bron", "collectie", "źródło", "zbiór", "источник"),
            *("коллекция", "来源", "來源", "出典", "所蔵", "출처", "المصدر"),
        ),
        "identifier": (
            *("signatur", "inventarnummer", "cote", "numéro d inventaire", "signatura"),
            *("número de inventario", "segnatura", "numero di inventario", "cota"),
            *("inventarisnummer", "sygnatura", "numer inwentarzowy", "шифр", "инвентарный номер"),
            *("编号", "編號", "請求記号", "資料番号", "등록번호", "رقم الجرد"),
        ),
    }
)
"""By column, in small letters and without marks; the English names are in `catalog.COLUMNS`."""
