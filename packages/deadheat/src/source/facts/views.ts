/** What DRF's and Django's classes answer, by the name of the base class. */
export const HANDLED_METHODS: Readonly<Record<string, readonly string[]>> = {
  CreateAPIView: ["post"],
  ListAPIView: ["get"],
  RetrieveAPIView: ["get"],
  DestroyAPIView: ["delete"],
  UpdateAPIView: ["put", "patch"],
  ListCreateAPIView: ["get", "post"],
  RetrieveUpdateAPIView: ["get", "put", "patch"],
  RetrieveDestroyAPIView: ["get", "delete"],
  RetrieveUpdateDestroyAPIView: ["get", "put", "patch", "delete"],
  TokenViewBase: ["post"],
  TokenObtainPairView: ["post"],
  TokenRefreshView: ["post"],
  TokenVerifyView: ["post"],
  TokenBlacklistView: ["post"],
  ObtainAuthToken: ["post"],
  TemplateView: ["get"],
  RedirectView: ["get", "post", "put", "patch", "delete"],
  ListView: ["get"],
  DetailView: ["get"],
  FormView: ["get", "post", "put"],
  CreateView: ["get", "post", "put"],
  UpdateView: ["get", "post", "put"],
  DeleteView: ["get", "post", "delete"],
};

/** Actions of a viewset that its mixins bring: name, method, and whether it is about one object. */
export const ACTIONS: readonly {
  readonly name: string;
  readonly method: string;
  readonly detail: boolean;
  readonly mixin: string;
}[] = [
  { name: "list", method: "get", detail: false, mixin: "ListModelMixin" },
  { name: "create", method: "post", detail: false, mixin: "CreateModelMixin" },
  { name: "retrieve", method: "get", detail: true, mixin: "RetrieveModelMixin" },
  { name: "update", method: "put", detail: true, mixin: "UpdateModelMixin" },
  { name: "partial_update", method: "patch", detail: true, mixin: "UpdateModelMixin" },
  { name: "destroy", method: "delete", detail: true, mixin: "DestroyModelMixin" },
];

export const WHOLE_VIEWSETS: Readonly<Record<string, readonly string[]>> = {
  ModelViewSet: ["list", "create", "retrieve", "update", "partial_update", "destroy"],
  ReadOnlyModelViewSet: ["list", "retrieve"],
};
