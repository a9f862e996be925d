using System.Globalization;
using System.Numerics;
using Contracts;
using ServiceDefaults;

namespace Analyzer.Reading;

/// <summary>
/// Answers "the n-th event of a type". That there is none is said only when everything the topic has is in the index; until then the
/// answer is waited for, or 503.
/// </summary>
internal sealed class NthEvent(EventIndex index, CatchUp reader)
{
    /// <summary>The payload; or else the reply that says why there is none.</summary>
    public async Task<(byte[]? Payload, IResult? Reply)> FindAsync(
        EventType type,
        string? text,
        NthReply shape,
        CancellationToken cancellationToken
    )
    {
        var asked = Read(text);
        var position = asked >= 0 && asked <= long.MaxValue ? (long)asked : -1;
        // A number that no event ever has needs no look at the topic.
        if (position < 0)
            return (null, NotThere(shape, asked));
        if (await index.PayloadAsync(type, position, cancellationToken) is { } payload)
            return (payload, null);
        var behind = await reader.WaitAsync(cancellationToken);
        if (await index.PayloadAsync(type, position, cancellationToken) is { } meanwhile)
            return (meanwhile, null);
        return (
            null,
            behind is null
                ? NotThere(shape, asked)
                : Replies.Message(StatusCodes.Status503ServiceUnavailable, $"No message at index {asked} yet. {behind}", CatchUp.RetryAfter)
        );
    }

    private static BigInteger Read(string? text)
    {
        if (text is null)
            throw new ProblemException(StatusCodes.Status400BadRequest, "The parameter index is required.");
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        throw new ProblemException(StatusCodes.Status400BadRequest, $"The parameter index is '{text}'; it must be a whole number.");
    }

    private static IResult NotThere(NthReply shape, BigInteger asked) =>
        Replies.Message(StatusCodes.Status404NotFound, shape.NotThere(asked));
}
