"""Where Piccolo looks for the database and the tables (PICCOLO_CONF=hearback.piccolo_conf)."""

from piccolo.conf.apps import AppRegistry

from hearback.database.engine import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=["hearback.piccolo_app"])
