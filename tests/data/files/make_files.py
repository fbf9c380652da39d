"""Writes the PDF and the DOCX of this folder, by the libraries that other programs use: pip install reportlab==5.1.0 python-docx==1.2.0, then run it here."""
from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

SECTIONS = [
    ("The lamp", ["The Varnholt lighthouse was built in 1887 by the engineer Ottilie Brandt, who painted it green because the island of Skerrow had no other paint. Its lamp burns herring oil and can be seen for nineteen miles on a clear night.", "The lens was ground in Tarsk and weighs two tonnes."]),
    ("The keeper", ["The keeper, Josef Maric, feeds eleven cats. He has kept a diary of the weather since 1961 and sends a copy of it to the harbour master of Olm every spring."]),
    ("The pier", ["The pier is 140 metres long. Goats may cross it for a fee of two pence, which the keeper collects in a jar."]),
]


def edge(canvas, doc):
    canvas.drawString(72, 800, "Harbour papers of Skerrow")
    canvas.drawString(290, 30, f"Page {doc.page}")


styles = getSampleStyleSheet()
story = []
for heading, paragraphs in SECTIONS:
    story.append(Paragraph(heading, styles["Heading1"]))
    story += [Paragraph(text, styles["BodyText"]) for text in paragraphs]
    story.append(PageBreak())
SimpleDocTemplate("lighthouse.pdf", pagesize=A4, title="The Varnholt lighthouse", invariant=1).build(
    story, onFirstPage=edge, onLaterPages=edge
)

document = Document()
document.core_properties.title = "The Varnholt lighthouse"
for heading, paragraphs in SECTIONS:
    document.add_heading(heading, level=1)
    for text in paragraphs:
        document.add_paragraph(text)
table = document.add_table(rows=2, cols=2)
for row, (name, value) in enumerate([("Steps", "212"), ("Height", "41 metres")]):
    table.cell(row, 0).text = name
    table.cell(row, 1).text = value
document.save("lighthouse.docx")
