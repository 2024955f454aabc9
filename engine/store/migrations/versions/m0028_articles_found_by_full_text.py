"""Articles found by full text."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "m0028"
down_revision = "m0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_rating",
        sa.Column("article", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("article", "instance_id", name=op.f("pk_article_rating")),
    )
    op.create_table(
        "article_term",
        sa.Column("term", sa.String(length=100), nullable=False),
        sa.Column("article", sa.String(length=100), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "article", name=op.f("pk_article_term")),
    )
    op.create_index(op.f("ix_article_term_article"), "article_term", ["article"], unique=False)
    op.add_column("article", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("article", sa.Column("titles", sa.Text(), server_default="{}", nullable=False))
    op.add_column("article", sa.Column("problem", sa.Text(), server_default="{}", nullable=False))
    op.add_column("article", sa.Column("solution", sa.Text(), server_default="{}", nullable=False))
    op.add_column("article", sa.Column("audience", sa.String(length=100), server_default="public", nullable=False))
    op.add_column("article", sa.Column("status", sa.String(length=100), server_default="published", nullable=False))
    op.add_column("article", sa.Column("product", sa.String(length=100), server_default="", nullable=False))
    op.add_column("article", sa.Column("customer", sa.String(length=64), server_default="", nullable=False))
    op.add_column("article", sa.Column("review_on", sa.String(length=100), server_default="", nullable=False))
    op.add_column("article", sa.Column("useful", sa.Integer(), server_default="0", nullable=False))
    op.add_column("article", sa.Column("useless", sa.Integer(), server_default="0", nullable=False))
    _index()


def _index() -> None:
    """What is there is found by its title and keywords: words, and each two neighbouring Chinese signs."""
    connection = op.get_bind()
    for key, title, keywords in connection.execute(sa.text("SELECT key, title, keywords FROM article")).all():
        found = set()
        for words in (title, *json.loads(keywords)):
            for word in re.findall(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", words.casefold()):
                chinese = "\u3400" <= word[0] <= "\u9fff"
                found |= {word[at : at + 2] for at in range(max(len(word) - 1, 1))} if chinese else {word[:40]}
        for term in found:
            connection.execute(
                sa.text("INSERT INTO article_term (term, article, weight) VALUES (:term, :article, 3)"),
                {"term": term, "article": key},
            )
