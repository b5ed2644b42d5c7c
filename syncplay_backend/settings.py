"""Settings, from the environment and `.env`; `.env.example` says what each variable means.

No DB_NAME: SQLite. No REDIS_URL: memory. DEBUG is off unless it is switched on.
"""

from pathlib import Path

from syncplay_backend.ops import environment as must_be
from syncplay_backend.ops.environment import Environment
from syncplay_backend.pages import policy
from syncplay_backend.pages.version import fingerprint

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment ----------------------------------------------------------------------

env = Environment(BASE_DIR / ".env")

DEBUG = env.read("DEBUG", must_be.flag(default=False))
SECRET_KEY = env.read("SECRET_KEY", must_be.secret_key(debug=DEBUG))
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", must_be.hosts(debug=DEBUG))
CORS_ALLOWED_ORIGINS = env.read("CORS_ALLOWED_ORIGINS", must_be.origins)
CSRF_TRUSTED_ORIGINS = env.read("CSRF_TRUSTED_ORIGINS", must_be.origins)
TRUSTED_PROXIES = env.read("TRUSTED_PROXIES", must_be.networks)
RATE_LIMITS = env.read("RATE_LIMITS", must_be.flag(default=True))
LOG_FILE = env.read("LOG_FILE", must_be.path_from(BASE_DIR), unset="syncplay.log")
LOG_LEVEL = env.read("LOG_LEVEL", must_be.log_level)
REDIS_URL = env.read("REDIS_URL", must_be.redis_url)
SQLITE_PATH = env.read("SQLITE_PATH", must_be.path_from(BASE_DIR, default="db.sqlite3"))
DB_NAME = env.read("DB_NAME", must_be.database_name)
DB_USER = env.read("DB_USER", must_be.database_part(DB_NAME, required=True))
DB_PASSWORD = env.read("DB_PASSWORD", must_be.database_part(DB_NAME))
DB_HOST = env.read("DB_HOST", must_be.database_part(DB_NAME, default="localhost"))
DB_PORT = env.read("DB_PORT", must_be.database_port(DB_NAME))

env.seal()

# --- The parts ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",  # first: its runserver speaks WebSocket
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "servestatic",
    "corsheaders",
    "csp",
    "channels",
    "syncplay_backend.rooms",
    "syncplay_backend.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "syncplay_backend.pages.served.PackedStaticMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "syncplay_backend.urls"
ASGI_APPLICATION = "syncplay_backend.asgi.application"
TEST_RUNNER = "syncplay_backend.ops.testing.PytestRunner"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "syncplay_backend" / "pages" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["syncplay_backend.pages.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

REST_FRAMEWORK = {
    # People prove who they are by a room's key, which services check; sessions are the admin's.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "syncplay_backend.api.errors.answer",
}

# --- Memory -------------------------------------------------------------------------------

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": SQLITE_PATH,
    "CONN_MAX_AGE": None,  # opening it anew costs more than most of what is asked
    "OPTIONS": {
        "timeout": 5,
        "transaction_mode": "IMMEDIATE",
        # A page that changes often is carried from the log (16 MB at most) to the file less often.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA wal_autocheckpoint=4000;",
    },
}

POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": DB_NAME,
    "USER": DB_USER,
    "PASSWORD": DB_PASSWORD,
    "HOST": DB_HOST,
    "PORT": DB_PORT,
    "CONN_HEALTH_CHECKS": True,  # after a restart of the server no pooled connection is any good
    "OPTIONS": {
        # A pool that lost its connections waits ever longer between its attempts, up to minutes
        # after the server is back; once it has given up, whoever asks next makes it try at once.
        "pool": {"min_size": 1, "max_size": 20, "timeout": 3, "reconnect_timeout": 1},
        "connect_timeout": 3,
        # A server that vanished is noticed within about ten seconds, idle or not.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        # Below the 8 s within which every command is answered. `migrate` lifts them.
        "options": "-c lock_timeout=2s -c statement_timeout=5s",
    },
}

DATABASES = {"default": POSTGRESQL if DB_NAME else SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEMORY_LAYER = {"BACKEND": "channels.layers.InMemoryChannelLayer"}

REDIS = {"address": REDIS_URL, "health_check_interval": 15, "socket_connect_timeout": 3}
if not REDIS_URL.startswith("unix:"):
    REDIS["socket_keepalive"] = True

REDIS_LAYER = {
    "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "CONFIG": {"hosts": [REDIS]},
}

CHANNEL_LAYERS = {"default": REDIS_LAYER if REDIS_URL else MEMORY_LAYER}

# --- Browsers -----------------------------------------------------------------------------

CORS_URLS_REGEX = r"^/api/"
CORS_EXPOSE_HEADERS = ["Retry-After"]
X_FRAME_OPTIONS = "DENY"
# YouTube's player refuses to play for pages that send no referrer, which is Django's default.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# Who runs this at home has no TLS and must still be able to log in. Who runs it behind a proxy that
# speaks TLS has to name the https:// origin anyway, so that tells the two apart.
BEHIND_TLS = bool(CSRF_TRUSTED_ORIGINS) and all(
    trusted.startswith("https://") for trusted in CSRF_TRUSTED_ORIGINS
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS and
    "security.W008",  # the redirect to https are the proxy's, which has the certificate.
    "security.W012",  # Cookies without TLS:
    "security.W016",  # syncplay.W001 says it, with the variable to set.
]

CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy.EVERYWHERE}

STATIC_URL = "/static/"
# Modules import each other by relative paths, which no hash in a file's name would survive. So the
# hash of them all is in front: a browser keeps them for ever, and never mixes two versions.
WEB = BASE_DIR / "web"
WEB_VERSION = "now" if DEBUG else fingerprint(WEB)
STATICFILES_DIRS = [(f"web/{WEB_VERSION}", WEB)]
# Straight from the packages, so that nobody needs collectstatic.
SERVESTATIC_USE_FINDERS = True

# --- The rest -----------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{rule}"}
    for rule in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German"), ("ar", "Arabic")]  # of the pages
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"untraced": {"()": "syncplay_backend.ops.logs.WithoutTraceback"}},
    "handlers": {"log": {"()": "syncplay_backend.ops.logs.LogHandler", "path": LOG_FILE}},
    # Libraries tell of each connection, with its URL, and in DEBUG of each frame: those hold keys.
    "root": {"handlers": ["log"], "level": "WARNING"},
    "loggers": {
        "syncplay_backend": {"level": LOG_LEVEL},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # It warns of every refusal: any stranger could fill the log.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # A host that is not ours is a client's mistake, or the operator's; never the code's.
        "django.security.DisallowedHost": {"filters": ["untraced"]},
    },
}
