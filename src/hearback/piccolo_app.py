"""One Piccolo app, so the database has one history: `migrations/`, in order."""

from piccolo.conf.apps import AppConfig, table_finder

from hearback.settings import folder

ROOMS_WITH_TABLES = [
    "people",
    "plainspeech",
    "ledger",
    "trust.integrity",
    "promises",
    "asking",
    "answering",
    "moderation",
    "listening",
    "themes",
    "actions",
    "changenotes",
    "replying",
    "receipts",
    "notifying",
    "reporting",
    "webhooks",
    "fediverse",
]

APP_CONFIG = AppConfig(
    app_name="hearback",
    migrations_folder_path=str(folder("migrations")),
    table_classes=table_finder(
        [f"hearback.{room}.tables" for room in ROOMS_WITH_TABLES] + ["hearback.limits", "hearback.jobs"],
        exclude_imported=True,
    ),
    migration_dependencies=[],
)
