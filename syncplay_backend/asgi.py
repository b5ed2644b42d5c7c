"""The ASGI application: which door a request takes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncplay_backend.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

http = get_asgi_application()  # before the doors are imported: it loads the apps

from syncplay_backend.api.intake import BodyLimit
from syncplay_backend.ops.lifespan import Awake, lifespan
from syncplay_backend.ops.proxies import TrustedProxies
from syncplay_backend.ws.origin import OriginGuard
from syncplay_backend.ws.routing import router
from syncplay_backend.ws.server import SyncPlayProtocol

application = TrustedProxies(
    ProtocolTypeRouter(
        {
            "http": Awake(BodyLimit(http)),
            "websocket": OriginGuard(router),
            "lifespan": lifespan,
        }
    )
)

# `serve` names the protocol class here: a worker of uvicorn's imports it before anything else.
__all__ = ["SyncPlayProtocol", "application"]
