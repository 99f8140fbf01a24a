"""Every setting of Regulars, read from the environment with its type and its default.

Each name read here is documented in `docs/settings.md`; a test compares the two.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env

from regulars.config.secret import load_secret_key

env = Env()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR: Path = env.path("REGULARS_DATA", BASE_DIR / "data")
DEBUG: bool = env.bool("REGULARS_DEBUG", False)
TESTING: bool = env.bool("REGULARS_TESTING", False)

SECRET_KEY: str = env.str("REGULARS_SECRET_KEY", "") or load_secret_key(DATA_DIR)
ALLOWED_HOSTS: list[str] = env.list("REGULARS_ALLOWED_HOSTS", ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("REGULARS_TRUSTED_ORIGINS", [])
HTTPS: bool = env.bool("REGULARS_HTTPS", False)
BEHIND_PROXY: bool = env.bool("REGULARS_BEHIND_PROXY", False)

INSTALLED_APPS = [
    "regulars.desk",
    "regulars.quality",
    "regulars.promises",
    "regulars.orders",
    "regulars.insights",
    "regulars.contacts",
    "regulars.timeline",
    "regulars.access",
    "regulars.lib",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "regulars.orders.middleware.HookMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "regulars.access.middleware.OrganisationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.lib.toast.ToastMiddleware",
    "regulars.desk.middleware.PlainAnswersMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "regulars.config.urls"
WSGI_APPLICATION = "regulars.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "regulars.desk.context.shell",
            ],
            "builtins": ["regulars.lib.templatetags.regulars"],
        },
    },
]

# Database: an SQLite file until DATABASE_URL names a PostgreSQL.

DATABASE_URL: str = env.str("DATABASE_URL", "")
PREPARED_STATEMENTS: bool = env.bool("REGULARS_PREPARED_STATEMENTS", True)
PLANNED_ONCE: bool = env.bool("REGULARS_PLANNED_ONCE", False)  # see lib/planner.py
SQLITE_CACHE: int = env.int("REGULARS_SQLITE_CACHE", 32)  # MB of each connection
SQLITE_CHECKPOINT: int = env.int("REGULARS_SQLITE_CHECKPOINT", 4)  # MB
SQLITE_PAGES = 250  # of a MB
SQLITE_SYNCHRONOUS: str = env.str("REGULARS_SQLITE_SYNCHRONOUS", "NORMAL")


def _database() -> dict[str, Any]:
    if DATABASE_URL:
        found: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True))
        if found["ENGINE"].endswith("postgresql"):
            found["ENGINE"] = "regulars.lib.postgresql"
            found.setdefault("OPTIONS", {})
            return found
    else:
        found = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "regulars.sqlite3", "CONN_MAX_AGE": None}
    found["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={SQLITE_SYNCHRONOUS};"
            "PRAGMA busy_timeout=20000;"
            f"PRAGMA cache_size=-{SQLITE_CACHE * 1000};"
            "PRAGMA mmap_size=2147418112;"
            "PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_size_limit=67108864;"
            f"PRAGMA wal_autocheckpoint={SQLITE_CHECKPOINT * SQLITE_PAGES};"
        ),
    }
    return found


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend",
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # rate limits and "who saw what" live here: 300 would forget them
    }
}

# Sign-in

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["regulars.access.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "regulars.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Regulars"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

# Language and time. The organisation's and the user's own zone and language are set by the middleware.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "regulars" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT: Path = env.path("REGULARS_STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "regulars" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/files/"
IMPORT_MAX_BYTES: int = env.int("REGULARS_IMPORT_MAX_MB", 200) * 1024 * 1024
ATTACHMENT_MAX_BYTES: int = env.int("REGULARS_ATTACHMENT_MAX_MB", 25) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None

# Mail (password reset and invitations): a file folder until an address is set.

_mail = env.dj_email_url("REGULARS_EMAIL_URL", "") if env.str("REGULARS_EMAIL_URL", "") else {}
if _mail:
    globals().update(_mail)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "outgoing-mail"
DEFAULT_FROM_EMAIL: str = env.str("REGULARS_EMAIL_FROM", "Regulars <regulars@localhost>")

# Messages of shops and tills: how many days their text is kept.

HOOK_DAYS: int = env.int("REGULARS_HOOK_DAYS", 90)

# Requests to addresses that somebody typed or a browser brought (web push): the open internet only.

OUTGOING_PRIVATE: bool = env.bool("REGULARS_OUTGOING_PRIVATE", False)

# Safety

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_ENGINE = "regulars.access.sessions"
SESSION_COOKIE_NAME = "regulars_session"
CSRF_COOKIE_HTTPONLY = False
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",
    "models.W040",  # SQLite needs no columns beside the keys of an index: the id is in each
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("REGULARS_LOG_LEVEL", "WARNING")},
}
