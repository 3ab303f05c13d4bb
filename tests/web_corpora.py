"""Documents that would like to be more than text, and a PDF file with two pages."""

from __future__ import annotations

from pathlib import Path

from pdf_files import Put, pdf

SCRIPT = "<script>document.title='broken'</script>"
IMAGE = '"><img src=x onerror="document.title=1">'
REVERSED = "Verslag \u202eneppalk\u202c met \u200frechts\u200e"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"
CATALOGUE = f'''id,file,title,kind,meeting,meeting_start,place
markup,markup.txt,"{SCRIPT} {IMAGE.replace('"', '""')}",report,"{IMAGE.replace('"', '""')}",2024-05-01,"<b>Oslo</b>"
reversed,reversed.txt,"{REVERSED}",letter,,2023-02-01,
long,long.txt,Een heel lang stuk over {LONG_WORD},report,,2025-03-01,
paged,paged.pdf,Stuk met bladzijden,other,,2025-06-01,
kst-28676-7,kst-28676-7.txt,De brief die genoemd wordt,letter,,2025-02-01,
'''


def hostile_corpus(folder: Path) -> Path:
    """Write the documents; return their folder."""
    folder.mkdir(parents=True)
    (folder / "catalogue.csv").write_text(CATALOGUE, "utf-8")
    (folder / "markup.txt").write_text(f"{SCRIPT}\n\n{IMAGE} zei de minister over de visserij.\n", "utf-8")
    (folder / "reversed.txt").write_text(
        f"De 🎣 vangst \U0001f41f was {REVERSED} volgens de brief (28 676, nr. 7).\n", "utf-8"
    )
    (folder / "long.txt").write_text("De oorlog duurt voort en kost veel. " * 29_200, "utf-8")
    (folder / "kst-28676-7.txt").write_text("Over haringen, ook in Kamerstuk 28676, nr. 8.\n", "utf-8")
    pages = [[Put(72, 700, f"De minister sprak op bladzijde {n} over walvissen.")] for n in (1, 2)]
    (folder / "paged.pdf").write_bytes(pdf(pages))
    return folder
