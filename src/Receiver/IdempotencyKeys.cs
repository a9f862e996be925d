using System.Security.Cryptography;
using System.Text;
using Contracts;
using Contracts.Http;
using KafkaMySql;
using ServiceDefaults;

namespace Receiver;

/// <summary>Keys by which a client marks a request as a repeat. They count per type of event.</summary>
internal static class IdempotencyKeys
{
    /// <summary>The longest key, characters.</summary>
    public const int MaxLength = 255;

    /// <summary>The key a request carries; null when it carries none.</summary>
    /// <exception cref="ProblemException">400: there are several, or it is empty, too long or not printable ASCII.</exception>
    public static IdempotencyKey? Read(HttpRequest request, EventDraft draft)
    {
        var sent = request.Headers[HttpHeaders.IdempotencyKey];
        if (sent.Count == 0)
            return null;
        if (sent.Count > 1)
            throw new ProblemException(StatusCodes.Status400BadRequest, $"{HttpHeaders.IdempotencyKey} is there more than once.");
        if (!IsKey(sent.ToString()))
            throw new ProblemException(StatusCodes.Status400BadRequest, $"{HttpHeaders.IdempotencyKey} must be {Rule}.");
        return Of(sent.ToString(), draft);
    }

    public static string Rule => $"1 to {MaxLength} printable ASCII characters";

    public static bool IsKey(string text) => text.Length is > 0 and <= MaxLength && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    /// <summary>What the log remembers of a key: it and the body it came with, as digests.</summary>
    public static IdempotencyKey Of(string key, EventDraft draft) =>
        new(SHA256.HashData(Encoding.ASCII.GetBytes($"{draft.Type.Name}\n{key}")), SHA256.HashData(draft.Payload.Span));
}
