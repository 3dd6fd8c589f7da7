#% each plugin is told when the transaction has committed
class BasePlugin:
    def __init__(self, config):
        self.config = config
class HookPlugin(BasePlugin):
    def order_closed(self, order):
        send_hook.delay("order_closed", order.pk)
class Plugins:
    def __init__(self, plugins):
        self.plugins = plugins
    def order_closed(self, order):
        return self._run_on_all("order_closed", order)
    def _run_on_all(self, method_name, *args):
        for plugin in self.plugins:
            getattr(plugin, method_name)(*args)
@transaction.atomic
def close(order: Order, plugins: "Plugins"):
    order.closed = True
    order.save(update_fields=["closed"])
    transaction.on_commit(lambda: plugins.order_closed(order))
#% what is got by its name is a value, and is not called
class Channel:
    def label(self):
        return self
class MailChannel(Channel):
    def address(self, order):
        send_mail("closed", str(order.pk), None, [order.email])
def part_of(channel, name):
    return getattr(channel, name, None)
@transaction.atomic
def close(order: Order, channel):
    order.closed = True
    order.save(update_fields=["closed"])
    part_of(channel, "address")
#% methods of that name in two classes that have nothing in common
class Base:
    def start(self):
        return self
class Root:
    def start(self):
        return self
class Mailer(Base):
    def on_close(self, order):
        send_mail("closed", str(order.pk), None, [order.email])
class Window(Root):
    def on_close(self, order):
        return self
def tell(listeners, event, order):
    for listener in listeners:
        getattr(listener, event)(order)
@transaction.atomic
def close(order: Order, listeners):
    order.closed = True
    order.save(update_fields=["closed"])
    tell(listeners, "on_close", order)
