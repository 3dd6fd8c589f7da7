#% each plugin is told by the name of its method, in the transaction -> close
class BasePlugin:
    def __init__(self, config):
        self.config = config
class HookPlugin(BasePlugin):
    def order_closed(self, order, previous):
        send_hook.delay("order_closed", order.pk)
class Plugins:
    def __init__(self, plugins):
        self.plugins = plugins
    def order_closed(self, order):
        return self._run_on_all("order_closed", None, order)
    def _run_on_all(self, method_name, default, *args):
        value = default
        for plugin in self.plugins:
            value = self._run_on_one(plugin, method_name, value, *args)
        return value
    def _run_on_one(self, plugin, method_name, previous, *args):
        method = getattr(plugin, method_name, NotImplemented)
        if method == NotImplemented:
            return previous
        return method(*args, previous=previous)
@transaction.atomic
def close(order: Order, plugins: "Plugins"):
    order.closed = True
    order.save(update_fields=["closed"])
    plugins.order_closed(order)
#% called where it is looked for -> close
class Listener:
    def listen(self):
        return self
class MailListener(Listener):
    def on_close(self, order):
        send_mail("closed", str(order.pk), None, [order.email])
def tell(listeners, event, order):
    for listener in listeners:
        getattr(listener, event)(order)
@transaction.atomic
def close(order: Order, listeners):
    order.closed = True
    order.save(update_fields=["closed"])
    tell(listeners, "on_close", order)
