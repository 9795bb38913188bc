use concilia_kernel::text_enum;

text_enum! {
    /// Type of intervention in the territorial plan: `a` support to family carers, `b` before and after school and
    /// school closures, `c` time-saving, `d` consultancy, `e` support to the self-employed, `f` city times and hours.
    pub enum InterventionType {
        A = "a",
        B = "b",
        C = "c",
        D = "d",
        E = "e",
        F = "f",
    }
}
