using System.Linq.Expressions;
using System.Text.Json;

namespace Contracts.Fields;

/// <summary>A field whose property has the type <typeparamref name="TValue"/>.</summary>
internal abstract class EventField<TValue> : EventField
{
    private readonly Func<EventMessage, TValue> _get;
    private readonly Action<EventMessage, TValue> _set;

    private protected EventField(FieldDeclaration declaration)
        : base(declaration)
    {
        var message = Expression.Parameter(typeof(EventMessage));
        var value = Expression.Parameter(typeof(TValue));
        var property = Expression.Property(Expression.Convert(message, declaration.Property.DeclaringType!), declaration.Property);
        _get = Expression.Lambda<Func<EventMessage, TValue>>(property, message).Compile();
        _set = Expression.Lambda<Action<EventMessage, TValue>>(Expression.Assign(property, value), message, value).Compile();
    }

    internal TValue Get(EventMessage message) => _get(message);

    internal void Set(EventMessage message, TValue value) => _set(message, value);

    internal sealed override string? Read(ref Utf8JsonReader json, EventMessage message, Reading reading)
    {
        // An optional value that is null counts as absent to consumers; clients are told.
        if (json.TokenType == JsonTokenType.Null && !Required && reading == Reading.Lenient)
        {
            _set(message, default!);
            return null;
        }
        if (Parse(ref json, reading, out var value) is { } error)
            return error;
        _set(message, value);
        return null;
    }

    private protected abstract string? Parse(ref Utf8JsonReader json, Reading reading, out TValue value);
}
