namespace ServiceDefaults;

/// <summary>On every connection: the listener that accepted it.</summary>
internal sealed record ListenerFeature(ServiceListener Listener);
