using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Contracts.Fields;

/// <summary>What a record's property says about its field; read once, at start.</summary>
internal sealed class FieldDeclaration(PropertyInfo property)
{
    public PropertyInfo Property { get; } = property;

    public string Name { get; } =
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} has no JSON name.");

    public bool Required { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    public int? MaxLength { get; } = property.GetCustomAttribute<MaxLengthAttribute>()?.Length;

    public decimal? Minimum { get; } =
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? Convert.ToDecimal(range.Minimum, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public bool Email { get; } = property.IsDefined(typeof(EmailAddressAttribute));

    public IReadOnlyList<string> Choices { get; } =
        property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.Cast<string>().ToArray() ?? [];

    /// <summary>The fields of a record in the order they are declared, which is the order of the digest.</summary>
    public static IEnumerable<EventField> FieldsOf(Type message) =>
        message
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.IsDefined(typeof(JsonPropertyNameAttribute)))
            .OrderBy(property => property.MetadataToken)
            .Select(property => new FieldDeclaration(property).ToField());

    private EventField ToField() =>
        Property.PropertyType switch
        {
            var type when type == typeof(long) => new IntegerField(this),
            var type when type == typeof(decimal) => new MoneyField(this),
            var type when type == typeof(double) => new NumberField(this),
            var type when type == typeof(DateTimeOffset?) => new InstantField(this),
            var type when type == typeof(string) && Choices.Count > 0 => new ChoiceField(this),
            var type when type == typeof(string) => new TextField(this),
            _ => throw new InvalidOperationException($"{Property.DeclaringType}.{Property.Name}: no field is made for its type."),
        };
}
