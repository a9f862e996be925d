using Contracts;
using ServiceDefaults;

namespace Receiver;

/// <summary>What holds for the users that Runify's events name, beside what the catalog checks.</summary>
internal sealed class UserRules(IConfiguration settings)
{
    private readonly string? _probe = Settings.ReceiverProbeUser.Read(settings) is var user and not Settings.NoProbe ? user : null;
    private readonly bool _strict = Settings.ReceiverStrictUserIds.Read(settings);

    /// <summary>Whether it is a monitor that only wants to know if events are taken: it is answered 201, and nothing is recorded.</summary>
    public bool IsProbe(EventDraft draft) => _probe is not null && UserOf(draft) == _probe;

    /// <summary>A sentence that names the field; null when all is well.</summary>
    public string? Refuse(EventDraft draft) =>
        _strict && UserOf(draft) is { } user && !IsProbe(draft) && !Guid.TryParseExact(user, "D", out _)
            ? "'user_id' must be a UUID such as d290f1ee-6c54-4b01-90e6-d701748f0851."
            : null;

    private static string? UserOf(EventDraft draft) => draft.Type.System == EventSystem.Runify ? (string)draft.EventId : null;
}
